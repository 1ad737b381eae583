import { Anchor, Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { Copyable } from '../../components/CopyButton.tsx';
import { ErrorNotice } from '../../components/States.tsx';
import { CurrentPassword } from './current-password.tsx';

type Act = 'enable' | 'disable' | 'codes';

const acts: Record<Act, { title: string; action: string; call(password: string): Promise<unknown> }> = {
  enable: {
    title: 'Turn two-factor on',
    action: 'Go on',
    call: password => answer(api.POST('/api/auth/two-factor/enable', { body: { password } })),
  },
  disable: {
    title: 'Turn two-factor off',
    action: 'Turn off',
    call: password => answer(api.POST('/api/auth/two-factor/disable', { body: { password } })),
  },
  codes: {
    title: 'New backup codes',
    action: 'Make new codes',
    call: password => answer(api.POST('/api/auth/two-factor/generate-backup-codes', { body: { password } })),
  },
};

export function TwoFactor({ enabled }: { enabled: boolean }) {
  const [act, setAct] = useState<Act>();
  const close = () => {
    setAct(undefined);
    void queryClient.invalidateQueries({ queryKey: ['me'] });
  };
  return (
    <section className="card" aria-label="Two-factor sign-in">
      <Group gap="sm">
        <Title order={2}>Two-factor sign-in</Title>
        <span className={`tone tone-${enabled ? 'good' : 'idle'}`}>{enabled ? 'On' : 'Off'}</span>
      </Group>
      <Text size="sm" my="xs">
        A code from an app on your phone, beside the password. Whoever learns the password alone stays outside.
      </Text>
      <Group gap="xs">
        {enabled ? (
          <>
            <Button variant="default" onClick={() => setAct('codes')}>
              New backup codes
            </Button>
            <Button variant="default" onClick={() => setAct('disable')}>
              Turn off
            </Button>
          </>
        ) : (
          <Button onClick={() => setAct('enable')}>Turn on</Button>
        )}
      </Group>
      <Modal opened={act !== undefined} onClose={close} title={<Text fw={650}>{act && acts[act].title}</Text>}>
        {act && <Steps act={act} onDone={close} />}
      </Modal>
    </section>
  );
}

interface Secrets {
  totpURI?: string;
  backupCodes?: string[];
}

function Steps({ act, onDone }: { act: Act; onDone(): void }) {
  const [password, setPassword] = useState('');
  const prove = useMutation({
    mutationFn: () => acts[act].call(password),
    onSuccess: () => {
      if (act === 'disable') onDone();
    },
  });
  if (prove.isSuccess && act !== 'disable') return <Shown secrets={secretsIn(prove.data)} onDone={onDone} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prove.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <CurrentPassword value={password} onChange={event => setPassword(event.currentTarget.value)} data-autofocus />
        {prove.error && <ErrorNotice error={prove.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={prove.isPending}>
            {acts[act].action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function secretsIn(data: unknown): Secrets {
  if (data === null || typeof data !== 'object') return {};
  const { totpURI, backupCodes } = data as Record<string, unknown>;
  return {
    ...(typeof totpURI === 'string' ? { totpURI } : {}),
    ...(Array.isArray(backupCodes) ? { backupCodes: backupCodes.map(String) } : {}),
  };
}

/** Shown this once. With a new secret, a first code proves that the app has it. */
function Shown({ secrets, onDone }: { secrets: Secrets; onDone(): void }) {
  const key = secrets.totpURI && new URL(secrets.totpURI).searchParams.get('secret');
  return (
    <Stack gap="md">
      {key && (
        <div>
          <Text size="sm" mb={6}>
            In your authenticator app choose to enter a key by hand, and enter this one. On a phone,{' '}
            <Anchor href={secrets.totpURI}>open the app directly</Anchor>.
          </Text>
          <Copyable value={key} what="key" />
        </div>
      )}
      {secrets.backupCodes && (
        <div>
          <Text size="sm" mb={6}>
            Keep these codes where you find them without your phone. Each opens the door once.
          </Text>
          <Copyable value={secrets.backupCodes.join(' ')} what="backup codes" />
        </div>
      )}
      {key ? <FirstCode onDone={onDone} /> : <Button onClick={onDone}>I have kept them</Button>}
    </Stack>
  );
}

function FirstCode({ onDone }: { onDone(): void }) {
  const [code, setCode] = useState('');
  const verify = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/two-factor/verify-totp', { body: { code: code.replace(/\s/g, '') } })),
    onSuccess: () => {
      notifications.show({ message: 'Two-factor sign-in is on.' });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    verify.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Code that the app shows"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={code}
          onChange={event => setCode(event.currentTarget.value)}
        />
        {verify.error && <ErrorNotice error={verify.error} />}
        <Button type="submit" loading={verify.isPending}>
          Turn on
        </Button>
      </Stack>
    </form>
  );
}
