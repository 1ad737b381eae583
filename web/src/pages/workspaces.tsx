import { Badge, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { adaptersQuery, channelsQuery, workspacesQuery } from '../api/queries.ts';
import { ButtonLink, TextLink } from '../components/Links.tsx';
import { List } from '../components/List.tsx';
import { Mark } from '../components/Mark.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Notice } from '../components/States.tsx';
import { StatusBadge } from '../components/StatusBadge.tsx';
import { When } from '../components/When.tsx';
import { count } from '../lib/words.ts';
import { useIsAdmin } from '../session.ts';
import { ConnectCards, ConnectMenu } from './workspaces/connect-cards.tsx';

type Workspace = Schemas['Workspace'];
const route = getRouteApi('/inside/workspaces');

export default function Workspaces() {
  const { archived } = route.useSearch();
  return archived ? <Archived /> : <Connected />;
}

function Connected() {
  const query = useInfiniteQuery(workspacesQuery());
  const isAdmin = useIsAdmin();
  if (query.data?.length === 0) return <Welcome isAdmin={isAdmin} />;
  return (
    <Page
      title="Connected workspaces"
      intro="Each links one inbox you answer in with the channels your customers write on."
      actions={isAdmin && query.data ? <ConnectMenu /> : undefined}
    >
      <Stack>
        <News />
        <List query={query} empty={null}>
          {workspaces => (
            <>
              <Banner workspaces={workspaces} updatedAt={query.dataUpdatedAt} />
              <Cards workspaces={workspaces} />
            </>
          )}
        </List>
        <TextLink to="/workspaces" search={{ archived: 'yes' }} size="sm">
          Archived workspaces
        </TextLink>
      </Stack>
    </Page>
  );
}

function Welcome({ isAdmin }: { isAdmin: boolean }) {
  return (
    <Page
      title="Thank you for choosing Octopods"
      badge={<Badge variant="light">Step 1 of 2</Badge>}
      intro="Connect the inbox your team answers in; then add the channels your customers write on. It takes about five minutes."
    >
      <Stack>
        <News />
        {isAdmin ? (
          <ConnectCards />
        ) : (
          <Empty title="Nothing is connected yet">An admin of your account connects the first workspace.</Empty>
        )}
        <TextLink to="/workspaces" search={{ archived: 'yes' }} size="sm">
          Archived workspaces
        </TextLink>
      </Stack>
    </Page>
  );
}

/** What a login at a platform came to; the server sends the browser back with it. */
function News() {
  const { connected, problem } = route.useSearch();
  if (problem) {
    return (
      <ErrorNotice
        error={
          new ApiProblem({
            code: problem,
            title: 'The workspace is not connected',
            detail: 'The login did not come to its end.',
          })
        }
      />
    );
  }
  if (!connected) return null;
  return (
    <Notice tone="good" title="The workspace is connected">
      Next:{' '}
      <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: connected }} search={{ add: 'yes' }}>
        add its first channel
      </TextLink>
      .
    </Notice>
  );
}

/** How everything is, in a sentence. */
function Banner({ workspaces, updatedAt }: { workspaces: Workspace[]; updatedAt: number }) {
  const offline = useInfiniteQuery(channelsQuery({ status: 'offline' }));
  const disconnected = useInfiniteQuery(channelsQuery({ status: 'disconnected' }));
  const ill = workspaces.filter(({ status }) => status === 'offline' || status === 'disconnected').length;
  const channels = [...(offline.data ?? []), ...(disconnected.data ?? [])].filter(channel => !channel.switchedOff);
  const troubles = [
    ...(ill > 0 ? [count(ill, 'workspace')] : []),
    ...(channels.length > 0 ? [count(channels.length, 'channel')] : []),
  ];
  const total = ill + channels.length;
  const connected = workspaces.length - ill;
  return (
    <section className="card" aria-label="Overall health">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{count(connected, 'workspace is', 'workspaces are')} active</Text>
        <Group gap="sm">
          {total === 0 ? (
            <span className="tone tone-good pulse">All systems operational</span>
          ) : (
            <span className="tone tone-bad">
              {troubles.join(' and ')} {total === 1 ? 'needs' : 'need'} attention
            </span>
          )}
          <span className="quiet">
            updated <When at={new Date(updatedAt).toISOString()} />
          </span>
        </Group>
      </Group>
      {channels.length > 0 && (
        <Text size="sm" mt="xs">
          {channels.slice(0, 3).map((channel, index) => (
            <span key={channel.id}>
              {index > 0 && ', '}
              <TextLink to="/channels/$channelId" params={{ channelId: channel.id }}>
                {channel.friendlyName ?? channel.name}
              </TextLink>
            </span>
          ))}
          {channels.length > 3 && ` and ${channels.length - 3} more`}
        </Text>
      )}
    </section>
  );
}

function Cards({ workspaces }: { workspaces: Workspace[] }) {
  const adapters = useQuery(adaptersQuery);
  const labels = new Map(adapters.data?.platforms.map(({ id, label }) => [id, label]));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
      {workspaces.map(workspace => (
        <Card
          key={workspace.id}
          workspace={workspace}
          platform={labels.get(workspace.platform) ?? workspace.platform}
        />
      ))}
    </SimpleGrid>
  );
}

function Card({ workspace, platform }: { workspace: Workspace; platform: string }) {
  return (
    <article className="card">
      <Group wrap="nowrap" align="flex-start" mb="sm">
        <Mark label={platform} />
        <div>
          <Title order={2} size="h3">
            <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: workspace.id }} c="inherit" fw={650}>
              {workspace.name}
            </TextLink>
          </Title>
          <Text size="sm" c="dimmed">
            {platform}
            {workspace.sandbox && ' · sandbox'} · {count(workspace.channels, 'channel')}
          </Text>
        </div>
      </Group>
      <StatusBadge of={workspace} since />
      {workspace.statusReason && workspace.status !== 'connected' && (
        <Text size="sm" mt={6}>
          {workspace.statusReason}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt="sm">
        Added by {workspace.connectedBy ?? 'an API key'} · updated <When at={workspace.updatedAt} />
      </Text>
    </article>
  );
}

function Archived() {
  const query = useInfiniteQuery(workspacesQuery({ archived: true }));
  return (
    <Page
      title="Archived workspaces"
      above={
        <TextLink to="/workspaces" search={{}}>
          Workspaces
        </TextLink>
      }
      intro="Kept with all their history; nothing is routed any more. Each can be restored."
    >
      <List
        query={query}
        empty={
          <Empty
            title="Nothing is archived"
            action={
              <ButtonLink to="/workspaces" variant="default">
                To the workspaces
              </ButtonLink>
            }
          />
        }
      >
        {workspaces => <Cards workspaces={workspaces} />}
      </List>
    </Page>
  );
}
