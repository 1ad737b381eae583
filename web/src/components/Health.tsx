import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client.ts';
import { historyQuery, queryClient, type Subject } from '../api/queries.ts';
import { Facts } from './Facts.tsx';
import { List } from './List.tsx';
import { ErrorNotice, Notice } from './States.tsx';
import { StatusBadge, StatusWord, type WithStatus } from './StatusBadge.tsx';
import { When } from './When.tsx';

interface Connection extends WithStatus {
  id: string;
  statusAdvice: string | null;
  facts: Record<string, string>;
  lastWebhookAt: string | null;
}

/** How a channel or workspace is: status, what to do about it, what the other side reports, and how it was before. */
export function Health({ subject, of, actions }: { subject: Subject; of: Connection; actions?: ReactNode }) {
  const check = useMutation({
    mutationFn: () => askProvider(subject, of.id),
    onSuccess: health => {
      notifications.show({ message: foundWords[health.status] });
      return refresh(subject);
    },
  });
  return (
    <section className="card" aria-label="Status">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <StatusBadge of={of} since />
          <Group gap="xs">
            <Button variant="default" size="xs" onClick={() => check.mutate()} loading={check.isPending}>
              Check now
            </Button>
            {actions}
          </Group>
        </Group>
        {check.error && <ErrorNotice error={check.error} />}
        <Advice of={of} />
        <Facts
          of={[
            ...Object.entries(of.facts),
            ['Last webhook', of.lastWebhookAt ? <When key="at" at={of.lastWebhookAt} /> : 'none yet'],
          ]}
        />
      </Stack>
    </section>
  );
}

const foundWords: Record<Schemas['Health']['status'], string> = {
  connected: 'Checked: all is well.',
  pending: 'Checked: not confirmed yet.',
  offline: 'Checked: the other side does not serve us at the moment.',
  disconnected: 'Checked: it has to be reconnected.',
};

function askProvider(subject: Subject, id: string) {
  const params = { path: { id } };
  return answer(
    subject === 'channels'
      ? api.POST('/api/v1/channels/{id}/check', { params })
      : api.POST('/api/v1/workspaces/{id}/check', { params }),
  );
}

function refresh(subject: Subject) {
  const single = subject === 'channels' ? 'channel' : 'workspace';
  return Promise.all([subject, single].map(key => queryClient.invalidateQueries({ queryKey: [key] })));
}

function Advice({ of }: { of: Connection }) {
  if (of.switchedOff) {
    return (
      <Notice tone="idle" title="Switched off by a person">
        Messages that come meanwhile are not lost where the provider keeps them. Switch it on again to go on.
      </Notice>
    );
  }
  if (of.archivedAt || of.status === 'connected') return null;
  const tone = of.status === 'pending' ? 'wait' : of.status === 'offline' ? 'warn' : 'bad';
  return (
    <Notice tone={tone} title={of.statusReason ?? generalReason[of.status]}>
      {of.statusAdvice ?? generalAdvice[of.status]}
    </Notice>
  );
}

const generalReason = {
  pending: 'The provider has not confirmed yet',
  offline: 'The provider cannot be reached or refuses for now',
  disconnected: 'The connection is gone',
};

const generalAdvice = {
  pending: 'Finish the set-up steps. This page turns to Connected by itself.',
  offline: 'Nothing needs to be done: what waits is sent as soon as it works again.',
  disconnected: 'Reconnect it with fresh credentials. What waits is sent afterwards.',
};

export function History({ subject, id }: { subject: Subject; id: string }) {
  const query = useInfiniteQuery(historyQuery(subject, id));
  return (
    <section aria-label="Status history">
      <Title order={2} mb="sm">
        History
      </Title>
      <List query={query} empty={<Text c="dimmed">Its status has not changed yet.</Text>}>
        {changes => (
          <ul className="stages">
            {changes.map(({ at, status, reason }) => (
              <li key={at + status} className={status === 'connected' ? '' : 'stage-bad'}>
                <StatusWord status={status} />{' '}
                <span className="quiet">
                  <When at={at} />
                </span>
                {reason && <Text size="sm">{reason}</Text>}
              </li>
            ))}
          </ul>
        )}
      </List>
    </section>
  );
}
