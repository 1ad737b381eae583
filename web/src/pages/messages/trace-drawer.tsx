import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.ts';
import { messageQuery } from '../../api/queries.ts';
import { Copyable } from '../../components/CopyButton.tsx';
import { Facts } from '../../components/Facts.tsx';
import { ErrorNotice, Loading } from '../../components/States.tsx';
import { exactTime } from '../../lib/time.ts';
import { sentence } from '../../lib/words.ts';
import { Resend } from './resend.tsx';
import { messageStatuses } from './statuses.ts';

type Detail = Schemas['MessageDetail'];
type Trace = Detail['trace'];

/** The way of one message, step by step. Its address is that of the page, with the message's id in the query. */
export function TraceDrawer({ messageId, onClose }: { messageId: string | undefined; onClose(): void }) {
  return (
    <Drawer
      opened={messageId !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>The way of this message</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {messageId !== undefined && <Contents messageId={messageId} />}
    </Drawer>
  );
}

function Contents({ messageId }: { messageId: string }) {
  const query = useQuery(messageQuery(messageId));
  if (query.isPending) return <Loading />;
  if (!query.data) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  const message = query.data;
  const { word, tone, meaning } = messageStatuses[message.status];
  return (
    <Stack gap="lg">
      <div>
        <Group justify="space-between">
          <span className={`tone tone-${tone}`}>{word}</span>
          {(message.status === 'failed' || message.status === 'unconfirmed') && (
            <Resend message={message}>
              {open => (
                <Button size="xs" onClick={open}>
                  Send again
                </Button>
              )}
            </Resend>
          )}
        </Group>
        <Text size="sm" mt={6}>
          {message.failure?.message ?? meaning}
        </Text>
        {message.failure && (
          <Text size="sm" c="dimmed">
            {message.failure.advice}
          </Text>
        )}
      </div>
      <Way message={message} />
      <section aria-label="Ids">
        <Title order={3} size="h4" mb="xs">
          Ids
        </Title>
        <Facts of={idsOf(message)} />
      </section>
    </Stack>
  );
}

function Way({ message }: { message: Detail }) {
  const { trace } = message;
  const inbound = message.direction === 'inbound';
  return (
    <ol className="stages" aria-label="Steps">
      <Stage at={message.at} title={inbound ? 'Written by the customer' : 'Written'} />
      <Stage at={message.createdAt} title="Received and stored" />
      {trace.attempts.map(attempt => (
        <Attempt key={attempt.no} attempt={attempt} />
      ))}
      {trace.deliveries.map(({ side, remoteId, at }) => (
        <Stage
          key={side + remoteId}
          at={at}
          title={side === 'platform' ? 'Stands in the inbox' : 'Taken by the provider'}
        >
          <Copyable value={remoteId} what={side === 'platform' ? 'inbox id' : 'provider’s id'} />
        </Stage>
      ))}
      {trace.receipts.map(({ remoteId, status, at, failure }) => (
        <Stage key={remoteId + status + at} at={at} title={`Provider says: ${status}`} bad={failure !== null}>
          {failure && <Text size="sm">{failure.message}</Text>}
        </Stage>
      ))}
      {message.editedAt && <Stage at={message.editedAt} title="Edited" />}
      {message.deletedAt && <Stage at={message.deletedAt} title="Deleted" />}
    </ol>
  );
}

function Stage(props: { at: string; title: string; bad?: boolean; children?: ReactNode }) {
  return (
    <li className={props.bad ? 'stage-bad' : ''}>
      <Text fw={600}>{props.title}</Text>
      <time className="quiet" dateTime={props.at}>
        {exactTime(props.at)}
      </time>
      {props.children}
    </li>
  );
}

function Attempt({ attempt }: { attempt: Trace['attempts'][number] }) {
  const { no, ok, failure, retryAt, milliseconds } = attempt;
  return (
    <Stage at={attempt.startedAt} title={`Attempt ${no}: ${ok ? 'done' : 'failed'}, ${milliseconds} ms`} bad={!ok}>
      {failure && (
        <Text size="sm">
          {failure.message} <span className="quiet">({sentence(failure.class)})</span>
        </Text>
      )}
      {retryAt && <Text size="sm">Next try {exactTime(retryAt)}</Text>}
      {attempt.exchanges.map(exchange => (
        <Text size="sm" key={exchange.startedAt + exchange.url} className="code">
          {exchange.method} {exchange.url} → {exchange.status ?? exchange.error ?? 'no answer'} (
          {Math.round(exchange.milliseconds)} ms{exchange.requestId && `, ${exchange.requestId}`})
        </Text>
      ))}
    </Stage>
  );
}

function idsOf(message: Detail): [string, ReactNode][] {
  return [
    ['Message', <Copyable key="id" value={message.id} what="message id" />],
    ['Where it was written', <Copyable key="remote" value={message.remoteId} what="remote id" />],
    ['Conversation', <Copyable key="conversation" value={message.conversationId} what="conversation id" />],
    ...message.trace.webhooks.map((id): [string, ReactNode] => [
      'Webhook',
      <Copyable key={id} value={id} what="webhook id" />,
    ]),
  ];
}
