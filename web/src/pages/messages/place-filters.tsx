import { Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { channelsQuery, workspacesQuery } from '../../api/queries.ts';

/** What ids of workspaces and channels are called. */
export interface Names {
  workspaces: ReadonlyMap<string, string>;
  channels: ReadonlyMap<string, string>;
}

export function useNames(): Names {
  const workspaces = useInfiniteQuery(workspacesQuery());
  const channels = useInfiniteQuery(channelsQuery());
  return {
    workspaces: new Map(workspaces.data?.map(({ id, name }) => [id, name])),
    channels: new Map(channels.data?.map(({ id, friendlyName, name }) => [id, friendlyName ?? name])),
  };
}

interface Place {
  workspaceId?: string | undefined;
  channelId?: string | undefined;
}

/** Narrows a list to a workspace, and to one of its channels. */
export function PlaceFilters({ search, set }: { search: Place; set(change: Place): void }) {
  const names = useNames();
  const query = search.workspaceId === undefined ? {} : { workspaceId: search.workspaceId };
  const channels = useInfiniteQuery(channelsQuery(query));
  return (
    <>
      {names.workspaces.size > 1 && (
        <Select
          aria-label="Workspace"
          placeholder="Every workspace"
          clearable
          data={[...names.workspaces].map(([value, label]) => ({ value, label }))}
          value={search.workspaceId ?? null}
          onChange={workspaceId => set({ workspaceId: workspaceId ?? undefined, channelId: undefined })}
          style={{ flex: '1 1 12rem', maxWidth: '20rem' }}
        />
      )}
      <Select
        aria-label="Channel"
        placeholder="Every channel"
        clearable
        searchable
        data={channels.data?.map(({ id, friendlyName, name }) => ({ value: id, label: friendlyName ?? name })) ?? []}
        value={search.channelId ?? null}
        onChange={channelId => set({ channelId: channelId ?? undefined })}
        style={{ flex: '1 1 12rem', maxWidth: '20rem' }}
      />
    </>
  );
}
