import { Anchor, Button, Group, Text } from '@mantine/core';
import type { Schemas } from '../../api/client.ts';
import { clockTime, exactTime } from '../../lib/time.ts';
import { Part, summaryOf } from './part.tsx';
import { Resend } from './resend.tsx';
import { messageStatuses } from './statuses.ts';

type Message = Schemas['Message'];

/** One message as its reader would see it, with its fate and a way to its trace. */
export function Bubble(props: { message: Message; quoted: Message | undefined; onLook(): void }) {
  const { message } = props;
  if (isStandIn(message)) return <StandIn message={message} onLook={props.onLook} />;
  const ours = message.direction !== 'inbound';
  const failed = message.status === 'failed' || message.status === 'unconfirmed';
  return (
    <li
      className={['bubble', ours && 'bubble-ours', failed && 'bubble-failed'].filter(Boolean).join(' ')}
      data-message={message.id}
    >
      <Group gap={6} mb={2}>
        <Text size="sm" fw={650}>
          {authorOf(message)}
        </Text>
        {message.direction === 'echo' && <span className="quiet">sent from elsewhere</span>}
      </Group>
      {message.replyTo && (
        <div className="quote">
          {message.replyTo.text ?? (props.quoted ? summaryOf(props.quoted) : 'An earlier message')}
        </div>
      )}
      {message.deletedAt && <Text fs="italic">Deleted by its author. It said:</Text>}
      {message.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one message never change places.
        <Part key={index} part={part} />
      ))}
      {message.reactions.length > 0 && (
        <Text size="sm" mt={4}>
          {message.reactions.map(({ by, emoji }) => (
            <span key={by} role="img" aria-label={`Reaction ${emoji ?? ''}`}>
              {emoji}{' '}
            </span>
          ))}
        </Text>
      )}
      <Fate message={message} onLook={props.onLook} />
      {failed && <Failure message={message} />}
    </li>
  );
}

/** The inbox is told of edits, deletions and reactions by a message of its own; here they are seen where they belong. */
function isStandIn({ remoteId }: Message): boolean {
  return remoteId.startsWith('event:');
}

function StandIn({ message, onLook }: { message: Message; onLook(): void }) {
  const words = message.parts.map(part => summaryOf({ parts: [part] })).join(' ');
  return (
    <li className="day" data-message={message.id}>
      Told the inbox: {words}{' '}
      <Anchor component="button" type="button" size="xs" c="inherit" onClick={onLook}>
        Trace
      </Anchor>
    </li>
  );
}

function authorOf({ sender, direction }: Message): string {
  return sender.name ?? sender.username ?? sender.phone ?? (direction === 'inbound' ? 'Customer' : 'Your team');
}

function Fate({ message, onLook }: { message: Message; onLook(): void }) {
  return (
    <Group gap={8} mt={4} className="quiet">
      <time dateTime={message.at} title={exactTime(message.at)}>
        {clockTime(message.at)}
      </time>
      {message.editedAt && <span title={exactTime(message.editedAt)}>edited</span>}
      <span>{messageStatuses[message.status].word}</span>
      <Anchor component="button" type="button" size="xs" c="inherit" underline="always" onClick={onLook}>
        Trace
      </Anchor>
    </Group>
  );
}

function Failure({ message }: { message: Message }) {
  return (
    <div className="notice tone-bad" style={{ marginTop: 8, background: 'var(--card)' }}>
      <Text size="sm" fw={650}>
        {message.failure?.message ?? messageStatuses[message.status].meaning}
      </Text>
      {message.failure && <Text size="sm">{message.failure.advice}</Text>}
      <Group mt={6}>
        <Resend message={message}>
          {open => (
            <Button size="compact-sm" variant="default" onClick={open}>
              Send again
            </Button>
          )}
        </Resend>
      </Group>
    </div>
  );
}
