import { Button, Divider, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { answer, api, type Schemas } from '../api/client.ts';
import { adaptersQuery, queryClient } from '../api/queries.ts';
import { ConfigForm } from '../components/ConfigForm.tsx';
import { TextLink } from '../components/Links.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Loading } from '../components/States.tsx';

const route = getRouteApi('/inside/workspaces/connect/$platform');

export default function ConnectWorkspace() {
  const { platform: id } = route.useParams();
  const adapters = useQuery(adaptersQuery);
  if (adapters.isPending) return <Loading />;
  const platform = adapters.data?.platforms.find(found => found.id === id);
  return (
    <Page
      title={`Connect ${platform?.label ?? id}`}
      intro={platform?.summary}
      above={<TextLink to="/workspaces">Workspaces</TextLink>}
    >
      {adapters.error && <ErrorNotice error={adapters.error} retry={() => void adapters.refetch()} />}
      {adapters.data && !platform && <Empty title={`${id} is not offered by this installation`} />}
      {platform && <Ways platform={platform} />}
    </Page>
  );
}

function Ways({ platform }: { platform: Schemas['PlatformAdapter'] }) {
  return (
    <Stack maw="44rem" className="card">
      {platform.login && (
        <>
          <Login platform={platform} />
          <Divider label="or with an app of your own" />
        </>
      )}
      <Token platform={platform} />
    </Stack>
  );
}

function Login({ platform }: { platform: Schemas['PlatformAdapter'] }) {
  const begin = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/workspaces/oauth', { body: { platform: platform.id } })),
    onSuccess: ({ authorizeUrl }) => window.location.assign(authorizeUrl),
  });
  return (
    <Stack gap="xs">
      <Text size="sm">
        Sign in at {platform.label}, choose the workspace, and approve. You come back here by yourself.
      </Text>
      {begin.error && <ErrorNotice error={begin.error} />}
      <Button onClick={() => begin.mutate()} loading={begin.isPending || begin.isSuccess}>
        Sign in at {platform.label}
      </Button>
    </Stack>
  );
}

function Token({ platform }: { platform: Schemas['PlatformAdapter'] }) {
  const navigate = useNavigate();
  const connect = useMutation({
    mutationFn: (config: Record<string, unknown>) =>
      answer(api.POST('/api/v1/workspaces', { body: { platform: platform.id, config } })),
  });
  return (
    <ConfigForm
      adapter={platform}
      action={`Connect ${platform.label}`}
      pending={connect.isPending}
      error={connect.error}
      onSubmit={config =>
        connect.mutate(config, {
          onSuccess: ({ id }) => {
            void queryClient.invalidateQueries({ queryKey: ['workspaces'] });
            return navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: id }, ignoreBlocker: true });
          },
        })
      }
    />
  );
}
