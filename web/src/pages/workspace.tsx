import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { GearIcon, MagnifyingGlassIcon, PlusIcon } from '@radix-ui/react-icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { adaptersQuery, channelsQuery, workspaceQuery } from '../api/queries.ts';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { ButtonLink, TextLink } from '../components/Links.tsx';
import { List } from '../components/List.tsx';
import { Mark } from '../components/Mark.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Loading, Notice } from '../components/States.tsx';
import { StatusBadge, statusWords } from '../components/StatusBadge.tsx';
import { WebhookAddress } from '../components/WebhookAddress.tsx';
import { When } from '../components/When.tsx';
import { oneOf } from '../lib/search.ts';
import { useIsAdmin } from '../session.ts';
import { ChannelTiles } from './workspaces/channel-tiles.tsx';

const route = getRouteApi('/inside/workspaces/$workspaceId');
const sorts = ['name', 'status', 'createdAt', 'updatedAt'] as const;
const statuses = ['pending', 'connected', 'offline', 'disconnected'] as const;

export default function Workspace() {
  const { workspaceId } = route.useParams();
  const workspace = useQuery(workspaceQuery(workspaceId));
  if (workspace.isPending) return <Loading />;
  if (workspace.error && !workspace.data) {
    return (
      <Page title="Workspace" above={<Up />}>
        <ErrorNotice error={workspace.error} retry={() => void workspace.refetch()} />
      </Page>
    );
  }
  return <Channels workspace={workspace.data} />;
}

function Up() {
  return <TextLink to="/workspaces">Workspaces</TextLink>;
}

function Channels({ workspace }: { workspace: Schemas['WorkspaceDetail'] }) {
  const isAdmin = useIsAdmin();
  const navigate = useNavigate();
  const search = route.useSearch();
  const params = { workspaceId: workspace.id };
  const addable = isAdmin && !workspace.archivedAt;
  const add = addable && (
    <Button
      leftSection={<PlusIcon />}
      onClick={() => navigate({ to: '.', search: { ...search, add: 'yes' }, resetScroll: false })}
    >
      Add a channel
    </Button>
  );
  return (
    <Page
      title={workspace.name}
      badge={<StatusBadge of={workspace} />}
      above={<Up />}
      actions={
        <>
          <ButtonLink
            to="/workspaces/$workspaceId/settings"
            params={params}
            variant="default"
            leftSection={<GearIcon />}
          >
            Connection
          </ButtonLink>
          {add}
        </>
      }
    >
      <Stack>
        <Attention workspace={workspace} />
        <Filters />
        <ChannelTable workspace={workspace} add={add} />
      </Stack>
      {addable && (
        <ChannelTiles
          workspace={workspace}
          opened={search.add !== undefined}
          onClose={() => void navigate({ to: '.', search: { ...search, add: undefined }, resetScroll: false })}
        />
      )}
    </Page>
  );
}

function Attention({ workspace }: { workspace: Schemas['WorkspaceDetail'] }) {
  const isAdmin = useIsAdmin();
  const link = (
    <TextLink to="/workspaces/$workspaceId/settings" params={{ workspaceId: workspace.id }}>
      Open the connection
    </TextLink>
  );
  if (workspace.archivedAt) {
    return (
      <Notice tone="idle" title="This workspace is archived">
        Nothing is routed any more. {link} to restore it.
      </Notice>
    );
  }
  if (workspace.status !== 'connected') {
    return (
      <Notice
        tone={workspace.status === 'disconnected' ? 'bad' : 'warn'}
        title={workspace.statusReason ?? 'It needs attention'}
      >
        {workspace.statusAdvice} {link}.
      </Notice>
    );
  }
  if (isAdmin && workspace.webhookUrl === null) return <WebhookAddress url={null} />;
  if (workspace.lastWebhookAt) return null;
  return (
    <Notice tone="wait" title="Nothing has come from the inbox yet">
      Teammates’ answers arrive once the platform knows where to post. {link} for the address and the steps.
    </Notice>
  );
}

function Filters() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const adapters = useQuery(adaptersQuery);
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '.', search: { ...search, ...change }, replace: true, resetScroll: false });
  const type = useDebouncedCallback((q: string) => set({ q: q || undefined }), 250);
  return (
    <Group gap="sm" role="search">
      <TextInput
        aria-label="Search channels"
        placeholder="Name or number"
        leftSection={<MagnifyingGlassIcon />}
        defaultValue={search.q}
        onChange={event => type(event.currentTarget.value)}
        style={{ flex: '3 1 14rem' }}
      />
      <Select
        aria-label="Kind of channel"
        placeholder="Every kind"
        clearable
        data={adapters.data?.channels.map(({ id, label }) => ({ value: id, label })) ?? []}
        value={search.kind ?? null}
        onChange={kind => set({ kind: kind ?? undefined })}
        style={{ flex: '1 1 11rem', maxWidth: '20rem' }}
      />
      <Select
        aria-label="Status"
        placeholder="Every status"
        clearable
        data={statusWords}
        value={search.status ?? null}
        onChange={status => set({ status: status ?? undefined })}
        style={{ flex: '1 1 11rem', maxWidth: '20rem' }}
      />
    </Group>
  );
}

function ChannelTable({ workspace, add }: { workspace: Schemas['WorkspaceDetail']; add: React.ReactNode }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const adapters = useQuery(adaptersQuery);
  const labels = new Map(adapters.data?.channels.map(({ id, label }) => [id, label]));
  const sort = oneOf(search.sort, sorts) ?? 'createdAt';
  const order = oneOf(search.order, ['asc', 'desc'] as const) ?? 'asc';
  const status = oneOf(search.status, statuses);
  const query = useInfiniteQuery(
    channelsQuery({
      workspaceId: workspace.id,
      sort,
      order,
      ...(search.q === undefined ? {} : { q: search.q }),
      ...(search.kind === undefined ? {} : { kind: search.kind }),
      ...(status === undefined ? {} : { status }),
    }),
  );
  const filtered = search.q !== undefined || search.kind !== undefined || search.status !== undefined;
  return (
    <List query={query} empty={filtered ? <NothingFound /> : <FirstChannel add={add} />}>
      {rows => (
        <DataTable
          label={`Channels of ${workspace.name}`}
          columns={columns(labels)}
          rows={rows}
          sort={{
            by: sort,
            order,
            onSort: by =>
              void navigate({
                to: '.',
                search: { ...search, sort: by, order: by === sort && order === 'asc' ? 'desc' : 'asc' },
                resetScroll: false,
              }),
          }}
        />
      )}
    </List>
  );
}

function columns(labels: ReadonlyMap<string, string>): Column<Schemas['Channel']>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      sortable: true,
      cell: channel => (
        <>
          <TextLink to="/channels/$channelId" params={{ channelId: channel.id }} fw={600}>
            {channel.friendlyName ?? channel.name}
          </TextLink>
          {channel.friendlyName && <div className="quiet">{channel.name}</div>}
        </>
      ),
    },
    {
      id: 'kind',
      label: 'Provider',
      cell: channel => {
        const label = labels.get(channel.kind) ?? channel.kind;
        return (
          <Group gap="xs" wrap="nowrap">
            <Mark label={label} small />
            {label}
          </Group>
        );
      },
    },
    { id: 'status', label: 'Status', sortable: true, cell: channel => <StatusBadge of={channel} since /> },
    { id: 'createdAt', label: 'Added', sortable: true, cell: channel => <When at={channel.createdAt} /> },
    { id: 'updatedAt', label: 'Updated', sortable: true, cell: channel => <When at={channel.updatedAt} /> },
  ];
}

function FirstChannel({ add }: { add: React.ReactNode }) {
  return (
    <Empty title="No channel yet" action={add}>
      Step 2 of 2: add the first channel your customers write on. What they write then arrives in this inbox.
    </Empty>
  );
}

function NothingFound() {
  return (
    <Empty
      title="No channel is like that"
      action={
        <ButtonLink to="." search={{}} variant="default">
          Clear the filters
        </ButtonLink>
      }
    >
      <Text component="span">Search looks at names and numbers.</Text>
    </Empty>
  );
}
