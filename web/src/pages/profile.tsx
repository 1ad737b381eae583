import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { queryClient } from '../api/queries.ts';
import { Facts } from '../components/Facts.tsx';
import { checkPassword, NewPassword } from '../components/NewPassword.tsx';
import { Page } from '../components/Page.tsx';
import { ErrorNotice } from '../components/States.tsx';
import { useMe } from '../session.ts';
import { CurrentPassword } from './profile/current-password.tsx';
import { TwoFactor } from './profile/two-factor.tsx';

export default function Profile() {
  const me = useMe();
  return (
    <Page title="Profile">
      <Stack gap="lg" maw="40rem">
        <section className="card" aria-label="You">
          <Facts
            of={[
              ['E-mail', me.user?.email],
              ['Account', me.account.name],
              ['Role', me.role],
            ]}
          />
        </section>
        <Name name={me.user?.name ?? ''} />
        <Password />
        <TwoFactor enabled={me.user?.twoFactorEnabled === true} />
        <Sessions />
      </Stack>
    </Page>
  );
}

function Name({ name }: { name: string }) {
  const form = useForm({ initialValues: { name } });
  const save = useMutation({
    mutationFn: (body: typeof form.values) => answer(api.POST('/api/auth/update-user', { body })),
    onSuccess: () => {
      form.resetDirty();
      notifications.show({ message: 'Saved.' });
      return queryClient.invalidateQueries({ queryKey: ['me'] });
    },
    onError: error => form.setErrors(asProblem(error).fields),
  });
  return (
    <section className="card" aria-label="Name">
      <form onSubmit={form.onSubmit(values => save.mutate(values))}>
        <Stack gap="sm" align="flex-start">
          <TextInput label="Name" autoComplete="name" required w="100%" {...form.getInputProps('name')} />
          {save.error && <ErrorNotice error={save.error} />}
          <Button type="submit" variant="default" disabled={!form.isDirty()} loading={save.isPending}>
            Save the name
          </Button>
        </Stack>
      </form>
    </section>
  );
}

function Password() {
  const form = useForm({
    validateInputOnBlur: true,
    initialValues: { currentPassword: '', newPassword: '' },
    validate: { newPassword: value => (value === '' ? null : checkPassword(value)) },
  });
  const change = useMutation({
    mutationFn: (body: typeof form.values) =>
      answer(api.POST('/api/auth/change-password', { body: { ...body, revokeOtherSessions: true } })),
    onSuccess: () => {
      form.reset();
      notifications.show({ message: 'Changed. All your other sessions have ended.' });
    },
    onError: error => form.setErrors(asProblem(error).fields),
  });
  return (
    <section className="card" aria-label="Password">
      <Title order={2} mb="sm">
        Password
      </Title>
      <form onSubmit={form.onSubmit(values => change.mutate(values))}>
        <Stack gap="sm">
          <CurrentPassword label="Current password" {...form.getInputProps('currentPassword')} />
          <NewPassword label="New password" {...form.getInputProps('newPassword')} />
          {change.error && <ErrorNotice error={change.error} />}
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}

function Sessions() {
  const end = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/revoke-other-sessions')),
    onSuccess: () => notifications.show({ message: 'All other sessions have ended.' }),
  });
  return (
    <section className="card" aria-label="Sessions">
      <Title order={2}>Sessions</Title>
      <Text size="sm" my="xs">
        Signs you out everywhere but here, for example after you lost a device.
      </Text>
      {end.error && <ErrorNotice error={end.error} />}
      <Button variant="default" onClick={() => end.mutate()} loading={end.isPending}>
        End all other sessions
      </Button>
    </section>
  );
}
