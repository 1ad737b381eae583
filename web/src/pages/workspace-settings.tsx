import { List as Bullets, Button, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Schemas } from '../api/client.ts';
import { adaptersQuery, channelsQuery, queryClient, workspaceQuery } from '../api/queries.ts';
import { ConfigForm } from '../components/ConfigForm.tsx';
import { Confirm } from '../components/Confirm.tsx';
import { Copyable } from '../components/CopyButton.tsx';
import { Facts } from '../components/Facts.tsx';
import { Health, History } from '../components/Health.tsx';
import { TextLink } from '../components/Links.tsx';
import { Page } from '../components/Page.tsx';
import { ErrorNotice, Loading, Notice } from '../components/States.tsx';
import { WebhookAddress } from '../components/WebhookAddress.tsx';
import { Webhooks } from '../components/Webhooks.tsx';
import { When } from '../components/When.tsx';
import { useIsAdmin } from '../session.ts';

type Workspace = Schemas['WorkspaceDetail'];
const route = getRouteApi('/inside/workspaces/$workspaceId/settings');

export default function WorkspaceSettings() {
  const { workspaceId } = route.useParams();
  const workspace = useQuery(workspaceQuery(workspaceId));
  if (workspace.isPending) return <Loading />;
  if (!workspace.data) return <ErrorNotice error={workspace.error} retry={() => void workspace.refetch()} />;
  return <Settings workspace={workspace.data} />;
}

function Settings({ workspace }: { workspace: Workspace }) {
  const isAdmin = useIsAdmin();
  const live = isAdmin && !workspace.archivedAt;
  return (
    <Page
      title="Connection"
      above={
        <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: workspace.id }}>
          {workspace.name}
        </TextLink>
      }
    >
      <Stack gap="lg">
        {workspace.archivedAt ? (
          <ArchivedNotice workspace={workspace} />
        ) : (
          <Health subject="workspaces" of={workspace} />
        )}
        <About workspace={workspace} />
        {live && <Reconnect workspace={workspace} />}
        <History subject="workspaces" id={workspace.id} />
        <section aria-label="Recent webhooks">
          <Title order={2} mb="sm">
            Recent webhooks
          </Title>
          <Webhooks subject="workspaces" id={workspace.id} />
        </section>
        {live && <Archive workspace={workspace} />}
      </Stack>
    </Page>
  );
}

function About({ workspace }: { workspace: Workspace }) {
  const adapters = useQuery(adaptersQuery);
  const platform = adapters.data?.platforms.find(({ id }) => id === workspace.platform);
  return (
    <section className="card" aria-label="About this workspace">
      <Facts
        of={[
          ['Platform', platform?.label ?? workspace.platform],
          ['Identity', <Copyable key="identity" value={workspace.identity} what="identity" />],
          ['Webhook address', <WebhookAddress key="url" url={workspace.webhookUrl} />],
          ['Added by', workspace.connectedBy ?? 'an API key'],
          ['Added', <When key="created" at={workspace.createdAt} />],
          ['Id', <Copyable key="id" value={workspace.id} what="workspace id" />],
        ]}
      />
    </section>
  );
}

function refresh() {
  return Promise.all(
    ['workspace', 'workspaces', 'channels', 'channel'].map(key => queryClient.invalidateQueries({ queryKey: [key] })),
  );
}

function Reconnect({ workspace }: { workspace: Workspace }) {
  const [opened, setOpened] = useState(workspace.status === 'disconnected');
  const adapters = useQuery(adaptersQuery);
  const platform = adapters.data?.platforms.find(({ id }) => id === workspace.platform);
  const params = { path: { id: workspace.id } };
  const reconnect = useMutation({
    mutationFn: (config: Record<string, unknown>) =>
      answer(api.POST('/api/v1/workspaces/{id}/reconnect', { params, body: { config } })),
    onSuccess: () => {
      notifications.show({ message: 'Reconnected. What waited is being delivered.' });
      setOpened(false);
      return refresh();
    },
  });
  if (!platform) return null;
  return (
    <section className="card" aria-label="Reconnect">
      <Group justify="space-between">
        <Title order={2}>Set-up and credentials</Title>
        <Button variant="default" onClick={() => setOpened(!opened)} aria-expanded={opened}>
          {opened ? 'Hide' : 'Show the steps'}
        </Button>
      </Group>
      {opened && (
        <Stack mt="md">
          <ConfigForm
            adapter={platform}
            current={workspace.config}
            action="Reconnect"
            pending={reconnect.isPending}
            error={reconnect.error}
            onSubmit={config => reconnect.mutate(config)}
          />
        </Stack>
      )}
    </section>
  );
}

function Archive({ workspace }: { workspace: Workspace }) {
  const [opened, setOpened] = useState(false);
  const channels = useInfiniteQuery({ ...channelsQuery({ workspaceId: workspace.id }), enabled: opened });
  const archive = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/workspaces/{id}/archive', {
          params: { path: { id: workspace.id } },
          body: { confirm: workspace.name },
        }),
      ),
    onSuccess: () => {
      setOpened(false);
      return refresh();
    },
  });
  return (
    <section className="card" aria-label="Archive">
      <Title order={2}>Archive</Title>
      <Text size="sm" my="xs">
        Nothing is routed any more; all history stays. It can be restored, and its channels then be switched on again.
      </Text>
      <Button color="red" variant="outline" onClick={() => setOpened(true)}>
        Archive {workspace.name}
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Archive ${workspace.name}?`}
        action="Archive"
        name={workspace.name}
        onConfirm={() => archive.mutate()}
        pending={archive.isPending}
        error={archive.error}
      >
        <Going channels={channels.data} />
      </Confirm>
    </section>
  );
}

function Going({ channels }: { channels: Schemas['Channel'][] | undefined }) {
  if (!channels) return <Loading />;
  if (channels.length === 0) return <Text size="sm">It has no channels.</Text>;
  return (
    <>
      <Text size="sm">These channels stop with it:</Text>
      <Bullets size="sm">
        {channels.map(channel => (
          <Bullets.Item key={channel.id}>{channel.friendlyName ?? channel.name}</Bullets.Item>
        ))}
      </Bullets>
    </>
  );
}

function ArchivedNotice({ workspace }: { workspace: Workspace }) {
  const isAdmin = useIsAdmin();
  const restore = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/workspaces/{id}/restore', { params: { path: { id: workspace.id } } })),
    onSuccess: refresh,
  });
  return (
    <Notice tone="idle" title="This workspace is archived">
      <Stack gap="xs" align="flex-start">
        <span>Nothing is routed. Once restored, its channels stay switched off until each is switched on again.</span>
        {restore.error && <ErrorNotice error={restore.error} />}
        {isAdmin && (
          <Button onClick={() => restore.mutate()} loading={restore.isPending}>
            Restore
          </Button>
        )}
      </Stack>
    </Notice>
  );
}
