import { Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Schemas } from '../api/client.ts';
import { adaptersQuery, queryClient, workspaceQuery } from '../api/queries.ts';
import { ConfigForm } from '../components/ConfigForm.tsx';
import { TextLink } from '../components/Links.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Loading } from '../components/States.tsx';

const route = getRouteApi('/inside/workspaces/$workspaceId/add/$kind');

export default function AddChannel() {
  const { workspaceId, kind } = route.useParams();
  const workspace = useQuery(workspaceQuery(workspaceId));
  const adapters = useQuery(adaptersQuery);
  if (workspace.isPending || adapters.isPending) return <Loading />;
  const adapter = adapters.data?.channels.find(({ id }) => id === kind);
  const error = workspace.error ?? adapters.error;
  return (
    <Page
      title={`Add ${adapter?.label ?? kind}`}
      intro={adapter?.summary}
      above={
        <TextLink to="/workspaces/$workspaceId" params={{ workspaceId }}>
          {workspace.data?.name ?? 'Workspace'}
        </TextLink>
      }
    >
      {error && <ErrorNotice error={error} />}
      {adapters.data && !adapter && <Empty title={`${kind} is not offered by this installation`} />}
      {workspace.data && adapter && <SetUp workspaceId={workspaceId} adapter={adapter} />}
    </Page>
  );
}

function SetUp({ workspaceId, adapter }: { workspaceId: string; adapter: Schemas['ChannelAdapter'] }) {
  const navigate = useNavigate();
  const [friendlyName, setFriendlyName] = useState('');
  const connect = useMutation({
    mutationFn: (config: Record<string, unknown>) => {
      const name = friendlyName.trim();
      const body = { workspaceId, kind: adapter.id, config, ...(name === '' ? {} : { friendlyName: name }) };
      return answer(api.POST('/api/v1/channels', { body }));
    },
  });
  return (
    <Stack maw="44rem" className="card">
      <ConfigForm
        adapter={adapter}
        action="Connect the channel"
        pending={connect.isPending}
        error={connect.error}
        onSubmit={config =>
          connect.mutate(config, {
            onSuccess: channel => {
              notifications.show({ message: `${channel.name} is ${channel.status}.` });
              void queryClient.invalidateQueries();
              return navigate({ to: '/channels/$channelId', params: { channelId: channel.id }, ignoreBlocker: true });
            },
          })
        }
      >
        <TextInput
          label="Friendly name"
          description="Only for your team, for example “Shop, Germany”. You can change it at any time."
          value={friendlyName}
          onChange={event => setFriendlyName(event.currentTarget.value)}
          maxLength={100}
        />
        {connect.isPending && (
          <Text size="sm" role="status">
            Asking {adapter.provider.name} whether the credentials are right…
          </Text>
        )}
      </ConfigForm>
    </Stack>
  );
}
