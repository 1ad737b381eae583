import { Anchor, Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../api/client.ts';
import { Page } from '../components/Page.tsx';
import { ErrorNotice } from '../components/States.tsx';
import { forgetSession, safePath } from '../session.ts';

const route = getRouteApi('/outside/sign-in');

export default function SignIn() {
  const [second, setSecond] = useState(false);
  const enter = useEntry();
  return second ? <SecondFactor onDone={enter} /> : <Password onDone={enter} onSecond={() => setSecond(true)} />;
}

/** Goes on to the page that was asked for. */
function useEntry() {
  const { next } = route.useSearch();
  const router = useRouter();
  return () => {
    forgetSession();
    router.history.push(safePath(next) ?? '/workspaces');
  };
}

function Password({ onDone, onSecond }: { onDone(): void; onSecond(): void }) {
  const form = useForm({ initialValues: { email: '', password: '', rememberMe: true } });
  const signIn = useMutation({
    mutationFn: (body: typeof form.values) => answer(api.POST('/api/auth/sign-in/email', { body })),
    onSuccess: result => (asksForSecond(result) ? onSecond() : onDone()),
  });
  return (
    <Page title="Sign in">
      <form onSubmit={form.onSubmit(values => signIn.mutate(values))}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Checkbox label="Keep me signed in" {...form.getInputProps('rememberMe', { type: 'checkbox' })} />
          {signIn.error && <ErrorNotice error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Page>
  );
}

function asksForSecond(result: unknown): boolean {
  return result !== null && typeof result === 'object' && 'twoFactorRedirect' in result;
}

function SecondFactor({ onDone }: { onDone(): void }) {
  const [backup, setBackup] = useState(false);
  const form = useForm({ initialValues: { code: '', trustDevice: false } });
  const verify = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body = { ...values, code: values.code.replace(/\s/g, '') };
      return answer(
        backup
          ? api.POST('/api/auth/two-factor/verify-backup-code', { body })
          : api.POST('/api/auth/two-factor/verify-totp', { body }),
      );
    },
    onSuccess: onDone,
  });
  return (
    <Page
      title="Second step"
      intro={backup ? 'Enter one of your backup codes. Each works once.' : 'Enter the code that your app shows.'}
    >
      <form onSubmit={form.onSubmit(values => verify.mutate(values))}>
        <Stack>
          <TextInput
            label={backup ? 'Backup code' : 'Code'}
            inputMode={backup ? 'text' : 'numeric'}
            autoComplete="one-time-code"
            required
            data-autofocus
            {...form.getInputProps('code')}
          />
          <Checkbox
            label="Do not ask again on this device for 30 days"
            {...form.getInputProps('trustDevice', { type: 'checkbox' })}
          />
          {verify.error && <ErrorNotice error={verify.error} />}
          <Button type="submit" loading={verify.isPending}>
            Go on
          </Button>
          <Anchor component="button" type="button" onClick={() => setBackup(!backup)}>
            {backup ? 'Use the app instead' : 'Use a backup code'}
          </Anchor>
        </Stack>
      </form>
    </Page>
  );
}
