import { Button, Center } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice, Loading } from './States.tsx';

type Result<Item> = Pick<
  UseInfiniteQueryResult<Item[] | InfiniteData<unknown>>,
  'error' | 'isPending' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage' | 'refetch'
> & { data: Item[] | undefined };

/** The states of a list: on its way, failed, empty, there, and with more to come. */
export function List<Item>(props: { query: Result<Item>; empty: ReactNode; children(items: Item[]): ReactNode }) {
  const { query } = props;
  if (query.data === undefined) {
    if (query.error) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
    return <Loading />;
  }
  return (
    <>
      {query.error ? <ErrorNotice error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data.length === 0 ? props.empty : props.children(query.data)}
      {query.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </>
  );
}
