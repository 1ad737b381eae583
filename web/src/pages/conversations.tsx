import { Badge, Group, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { conversationsQuery } from '../api/queries.ts';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { ButtonLink, TextLink } from '../components/Links.tsx';
import { List } from '../components/List.tsx';
import { Page } from '../components/Page.tsx';
import { Empty } from '../components/States.tsx';
import { When } from '../components/When.tsx';
import { count, sentence } from '../lib/words.ts';
import { type Names, PlaceFilters, useNames } from './messages/place-filters.tsx';

const route = getRouteApi('/inside/conversations');

export default function Conversations() {
  const search = route.useSearch();
  const query = useInfiniteQuery(conversationsQuery(search));
  const names = useNames();
  return (
    <Page title="Conversations" intro="One customer on one channel each, the latest first.">
      <Stack>
        <Filters />
        <List query={query} empty={<Nothing filtered={Object.keys(search).length > 0} />}>
          {rows => <DataTable label="Conversations" columns={columns(names)} rows={rows} />}
        </List>
      </Stack>
    </Page>
  );
}

const states = ['open', 'closed', 'snoozed'].map(value => ({ value, label: sentence(value) }));

function Filters() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '.', search: { ...search, ...change }, replace: true, resetScroll: false });
  const type = useDebouncedCallback((q: string) => set({ q: q || undefined }), 250);
  return (
    <Group gap="sm" role="search">
      <TextInput
        aria-label="Search conversations"
        placeholder="Name, user name or phone"
        leftSection={<MagnifyingGlassIcon />}
        defaultValue={search.q}
        onChange={event => type(event.currentTarget.value)}
        style={{ flex: '3 1 14rem' }}
      />
      <PlaceFilters search={search} set={set} />
      <Select
        aria-label="State"
        placeholder="Every state"
        clearable
        data={states}
        value={search.state ?? null}
        onChange={state => set({ state: state ?? undefined })}
        style={{ flex: '1 1 9rem', maxWidth: '20rem' }}
      />
    </Group>
  );
}

export function contactName({ contact, address }: Schemas['Conversation']): string {
  return contact.name ?? contact.username ?? contact.phone ?? address;
}

function columns(names: Names): Column<Schemas['Conversation']>[] {
  return [
    {
      id: 'contact',
      label: 'Customer',
      cell: conversation => (
        <>
          <TextLink to="/conversations/$conversationId" params={{ conversationId: conversation.id }} fw={600}>
            {contactName(conversation)}
          </TextLink>
          {conversation.group && (
            <Badge ml={6} size="sm" variant="light" color="gray">
              Group
            </Badge>
          )}
          <div className="quiet">
            {conversation.contact.phone ?? conversation.contact.username ?? conversation.address}
          </div>
        </>
      ),
    },
    { id: 'channel', label: 'Channel', cell: ({ channelId }) => names.channels.get(channelId) ?? 'Removed channel' },
    { id: 'state', label: 'State', cell: ({ state }) => sentence(state) },
    { id: 'lane', label: 'Waiting', cell: ({ lane }) => <Waiting lane={lane} /> },
    { id: 'last', label: 'Last message', cell: ({ lastMessageAt }) => <When at={lastMessageAt} /> },
  ];
}

/** What is still on its way, and whether it is stuck. */
export function Waiting({ lane }: { lane: Schemas['Conversation']['lane'] }) {
  if (lane.waiting === 0) return <span className="quiet">nothing</span>;
  const tone = lane.parkedFor ? 'bad' : lane.failingSince ? 'warn' : 'wait';
  return (
    <>
      <span className={`tone tone-${tone}`}>{count(lane.waiting, 'message')}</span>
      <div className="quiet">
        {lane.parkedFor && 'until it is reconnected'}
        {!lane.parkedFor && lane.failingSince && (
          <>
            tried {count(lane.attempts, 'time')}
            {lane.nextTryAt && (
              <>
                , next <When at={lane.nextTryAt} />
              </>
            )}
          </>
        )}
      </div>
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return (
      <Empty title="No conversation yet">
        As soon as a customer writes on one of your channels, the conversation appears here.
      </Empty>
    );
  }
  return (
    <Empty
      title="No conversation is like that"
      action={
        <ButtonLink to="/conversations" search={{}} variant="default">
          Clear the filters
        </ButtonLink>
      }
    />
  );
}
