import { Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { channelQuery, workspaceQuery } from '../api/queries.ts';
import { History } from '../components/Health.tsx';
import { TextLink } from '../components/Links.tsx';
import { Page } from '../components/Page.tsx';
import { ErrorNotice, Loading } from '../components/States.tsx';
import { StatusBadge } from '../components/StatusBadge.tsx';
import { Webhooks } from '../components/Webhooks.tsx';
import { useIsAdmin } from '../session.ts';
import { Abilities } from './channel/abilities.tsx';
import { Overview } from './channel/overview.tsx';
import { ChannelSettings } from './channel/settings.tsx';

const route = getRouteApi('/inside/channels/$channelId');

export default function Channel() {
  const { channelId } = route.useParams();
  const channel = useQuery(channelQuery(channelId));
  if (channel.isPending) return <Loading />;
  if (!channel.data) {
    return (
      <Page title="Channel">
        <ErrorNotice error={channel.error} retry={() => void channel.refetch()} />
      </Page>
    );
  }
  return <Shown channel={channel.data} />;
}

function Shown({ channel }: { channel: Schemas['ChannelDetail'] }) {
  const { tab = 'overview' } = route.useSearch();
  const isAdmin = useIsAdmin();
  const navigate = useNavigate();
  const workspace = useQuery(workspaceQuery(channel.workspaceId));
  const go = (next: string | null) =>
    void navigate({ to: '.', search: next && next !== 'overview' ? { tab: next } : {}, resetScroll: false });
  return (
    <Page
      title={channel.friendlyName ?? channel.name}
      badge={<StatusBadge of={channel} />}
      above={
        <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: channel.workspaceId }}>
          {workspace.data?.name ?? 'Workspace'}
        </TextLink>
      }
    >
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="abilities">What it can carry</Tabs.Tab>
          <Tabs.Tab value="webhooks">Webhooks</Tabs.Tab>
          {isAdmin && <Tabs.Tab value="settings">Settings</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Stack gap="lg">
            <Overview channel={channel} />
            <History subject="channels" id={channel.id} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="abilities">
          <Abilities channelId={channel.id} />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks">
          <Webhooks subject="channels" id={channel.id} />
        </Tabs.Panel>
        {isAdmin && (
          <Tabs.Panel value="settings">
            <ChannelSettings channel={channel} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Page>
  );
}
