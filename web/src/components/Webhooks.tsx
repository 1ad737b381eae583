import { Accordion, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { type Subject, webhooksQuery } from '../api/queries.ts';
import { count, sentence, size } from '../lib/words.ts';
import { List } from './List.tsx';
import { Empty } from './States.tsx';
import { When } from './When.tsx';

/** What the other side posted lately, and what became of it. */
export function Webhooks({ subject, id }: { subject: Subject; id: string }) {
  const query = useInfiniteQuery(webhooksQuery(subject, id));
  return (
    <List
      query={query}
      empty={
        <Empty title="No webhook yet">What the other side posts appears here within seconds, understood or not.</Empty>
      }
    >
      {webhooks => (
        <Accordion variant="separated">
          {webhooks.map(webhook => (
            <Webhook key={webhook.id} webhook={webhook} />
          ))}
        </Accordion>
      )}
    </List>
  );
}

function Webhook({ webhook }: { webhook: Schemas['Webhook'] }) {
  const kinds = [...new Set(webhook.events.map(({ type }) => sentence(type)))].join(', ');
  return (
    <Accordion.Item value={webhook.id}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs" pr="sm">
          <Text size="sm" fw={600}>
            {kinds || 'No event'}
          </Text>
          <span className="quiet">
            <When at={webhook.receivedAt} />
          </span>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Text size="sm" c="dimmed" mb="xs">
          {webhook.method}, {size(webhook.bytes)}, {count(webhook.events.length, 'event')}
        </Text>
        {webhook.events.map(event => (
          <Text size="sm" key={event.key}>
            {sentence(event.type)} <span className="code">{event.key}</span>: {event.outcome}
          </Text>
        ))}
      </Accordion.Panel>
    </Accordion.Item>
  );
}
