import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Schemas } from '../../api/client.ts';
import { asProblem } from '../../api/problem.ts';
import { adaptersQuery, queryClient } from '../../api/queries.ts';
import { ConfigForm } from '../../components/ConfigForm.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { ErrorNotice } from '../../components/States.tsx';
import { UnsavedGuard } from '../../components/UnsavedGuard.tsx';

type Channel = Schemas['ChannelDetail'];

export function ChannelSettings({ channel }: { channel: Channel }) {
  return (
    <Stack gap="lg" maw="44rem">
      <Power channel={channel} />
      <Rename key={channel.friendlyName} channel={channel} />
      <Credentials key={channel.updatedAt} channel={channel} />
      <Remove channel={channel} />
    </Stack>
  );
}

function refresh() {
  return Promise.all(
    ['channel', 'channels', 'workspace', 'workspaces'].map(key => queryClient.invalidateQueries({ queryKey: [key] })),
  );
}

function Power({ channel }: { channel: Channel }) {
  const params = { path: { id: channel.id } };
  const on = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/channels/{id}/reconnect', { params })),
    onSuccess: () => {
      notifications.show({ message: 'It is on again. What waited is being delivered.' });
      return refresh();
    },
  });
  const off = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/channels/{id}/disconnect', { params })),
    onSuccess: refresh,
  });
  const error = on.error ?? off.error;
  const { title, text } = powerWords[channel.switchedOff ? 'off' : channel.status === 'disconnected' ? 'lost' : 'on'];
  const works = !channel.switchedOff && channel.status !== 'disconnected';
  return (
    <section className="card" aria-label="On and off">
      <Title order={2}>{title}</Title>
      <Text size="sm" my="xs">
        {text}
      </Text>
      {error && <ErrorNotice error={error} />}
      {works ? (
        <Button variant="default" onClick={() => off.mutate()} loading={off.isPending}>
          {title}
        </Button>
      ) : (
        <Button onClick={() => on.mutate()} loading={on.isPending}>
          {title}
        </Button>
      )}
    </section>
  );
}

const powerWords = {
  on: {
    title: 'Switch off',
    text: 'Nothing is sent or received any more. What waits is kept, and goes on when you switch it on again.',
  },
  off: {
    title: 'Switch on',
    text: 'Tries the stored credentials and registers the webhook again. What waited goes on.',
  },
  lost: {
    title: 'Try again as it is',
    text: 'Tries the stored credentials and registers the webhook again. If they are no longer good, replace them below.',
  },
};

function Rename({ channel }: { channel: Channel }) {
  const form = useForm({ initialValues: { friendlyName: channel.friendlyName ?? '' } });
  const rename = useMutation({
    mutationFn: ({ friendlyName }: typeof form.values) =>
      answer(
        api.PATCH('/api/v1/channels/{id}', {
          params: { path: { id: channel.id } },
          body: { friendlyName: friendlyName.trim() || null },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: 'Renamed.' });
      return refresh();
    },
    onError: error => form.setErrors(asProblem(error).fields),
  });
  return (
    <section className="card" aria-label="Name">
      <UnsavedGuard dirty={form.isDirty() && !rename.isPending} />
      <form onSubmit={form.onSubmit(values => rename.mutate(values))}>
        <Stack gap="sm">
          <TextInput
            label="Friendly name"
            description={`Only for your team. Without one it is called ${channel.name}. Routing does not depend on it.`}
            maxLength={100}
            {...form.getInputProps('friendlyName')}
          />
          {rename.error && <ErrorNotice error={rename.error} />}
          <Group>
            <Button type="submit" variant="default" loading={rename.isPending} disabled={!form.isDirty()}>
              Save the name
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}

function Credentials({ channel }: { channel: Channel }) {
  const [opened, setOpened] = useState(channel.status === 'disconnected' && !channel.switchedOff);
  const adapters = useQuery(adaptersQuery);
  const adapter = adapters.data?.channels.find(({ id }) => id === channel.kind);
  const replace = useMutation({
    mutationFn: (config: Record<string, unknown>) =>
      answer(api.PUT('/api/v1/channels/{id}/credentials', { params: { path: { id: channel.id } }, body: { config } })),
    onSuccess: () => {
      notifications.show({ message: 'The new credentials work and are in use.' });
      return refresh();
    },
  });
  if (!adapter) return null;
  return (
    <section className="card" aria-label="Credentials">
      <Group justify="space-between">
        <Title order={2}>Set-up and credentials</Title>
        <Button variant="default" onClick={() => setOpened(!opened)} aria-expanded={opened}>
          {opened ? 'Hide' : 'Replace them'}
        </Button>
      </Group>
      <Text size="sm" mt="xs">
        New ones are tried first and must belong to the same identity; until then the old ones stay in use.
      </Text>
      {opened && (
        <Stack mt="md">
          <ConfigForm
            adapter={adapter}
            current={channel.config}
            action="Replace the credentials"
            pending={replace.isPending}
            error={replace.error}
            onSubmit={config => replace.mutate(config)}
          />
        </Stack>
      )}
    </section>
  );
}

function Remove({ channel }: { channel: Channel }) {
  const [opened, setOpened] = useState(false);
  const shownName = channel.friendlyName ?? channel.name;
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/channels/{id}/remove', {
          params: { path: { id: channel.id } },
          body: { confirm: shownName },
        }),
      ),
    onSuccess: async () => {
      await navigate({
        to: '/workspaces/$workspaceId',
        params: { workspaceId: channel.workspaceId },
        ignoreBlocker: true,
      });
      queryClient.removeQueries({ queryKey: ['channel', channel.id] });
      await refresh();
    },
  });
  return (
    <section className="card" aria-label="Remove">
      <Title order={2}>Remove</Title>
      <Text size="sm" my="xs">
        Its credentials are deleted and its webhook is taken away. What was said stays. The identity is free for another
        channel.
      </Text>
      <Button color="red" variant="outline" onClick={() => setOpened(true)}>
        Remove this channel
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Remove ${shownName}?`}
        action="Remove"
        name={shownName}
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        error={remove.error}
      >
        <Text size="sm">Messages on this channel stop at once, in both directions.</Text>
      </Confirm>
    </section>
  );
}
