import { Button, Center, Code, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { asProblem, nextStep } from '../api/problem.ts';
import { CopyButton } from './CopyButton.tsx';

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <Center py="xl" role="status" aria-label={what}>
      <Loader size="sm" type="dots" />
    </Center>
  );
}

export function Empty(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" className="card" ta="center">
      <Title order={2}>{props.title}</Title>
      {props.children && (
        <Text c="dimmed" maw="34rem">
          {props.children}
        </Text>
      )}
      {props.action}
    </Stack>
  );
}

/** What went wrong, what to do, and what to quote when asking for help. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  const step = nextStep(problem);
  const fields = Object.entries(problem.fields).filter(([field]) => field !== '');
  const alone = fields.length === 0 || fields.every(([, message]) => message === problem.message);
  return (
    <div className="notice tone-bad" role="alert">
      <Text fw={650}>{problem.title}</Text>
      {problem.message !== problem.title && alone && <Text size="sm">{problem.message}</Text>}
      {!alone &&
        fields.map(([field, message]) => (
          <Text size="sm" key={field}>
            {message}
          </Text>
        ))}
      {step && (
        <Text size="sm" mt={4}>
          {step}
        </Text>
      )}
      {(retry || problem.requestId) && (
        <Group gap="sm" mt="xs">
          {retry && (
            <Button size="compact-sm" variant="default" onClick={retry}>
              Try again
            </Button>
          )}
          {problem.requestId && (
            <Group gap={4}>
              <Text size="xs">Request</Text>
              <Code fz="xs">{problem.requestId}</Code>
              <CopyButton value={problem.requestId} what="request id" />
            </Group>
          )}
        </Group>
      )}
    </div>
  );
}

/** A hint, in one of the tones of the status badges. */
export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  return (
    <div className={`notice tone-${tone}`}>
      <Text fw={650}>{title}</Text>
      {children && (
        <Text size="sm" component="div">
          {children}
        </Text>
      )}
    </div>
  );
}

export type Tone = 'good' | 'wait' | 'warn' | 'bad' | 'idle';
