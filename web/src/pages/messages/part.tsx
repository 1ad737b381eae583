import { Anchor, Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.ts';
import { sentence, size } from '../../lib/words.ts';

type MessagePart = Schemas['Part'];
type Mark = NonNullable<MessagePart['marks']>[number];

/** The first words of a message, or what it is. */
export function summaryOf({ parts }: Pick<Schemas['Message'], 'parts'>): string {
  const part = parts[0];
  if (!part) return 'Empty';
  return part.text ?? part.label ?? part.name ?? sentence(part.kind);
}

export function Part({ part }: { part: MessagePart }): ReactNode {
  switch (part.kind) {
    case 'text':
      return (
        <Text component="div" style={{ whiteSpace: 'pre-wrap' }}>
          <MarkedText text={part.text ?? ''} marks={part.marks ?? []} />
        </Text>
      );
    case 'location':
      return (
        <Text>
          {[part.name, part.address].filter(Boolean).join(', ') || 'Location'}{' '}
          <Anchor
            href={`https://www.openstreetmap.org/?mlat=${part.lat}&mlon=${part.lng}#map=16/${part.lat}/${part.lng}`}
            target="_blank"
            rel="noreferrer"
            c="inherit"
            underline="always"
          >
            {part.lat}, {part.lng}
          </Anchor>
        </Text>
      );
    case 'contact':
      return (
        <Text>
          Contact: {part.name} {[...(part.phones ?? []), ...(part.emails ?? [])].join(', ')}
        </Text>
      );
    case 'choice':
      return <Text>Chose “{part.label}”</Text>;
    case 'story':
    case 'unsupported':
      return <Text fs="italic">{part.text}</Text>;
    default:
      return <Media part={part} />;
  }
}

function Media({ part }: { part: MessagePart }) {
  const name = part.name ?? sentence(part.kind);
  if (part.unavailable) {
    return (
      <Text fs="italic">
        {name}: {part.unavailable}
      </Text>
    );
  }
  if (!part.url) return <Text fs="italic">{name}: not fetched yet</Text>;
  const picture = (part.kind === 'image' || part.kind === 'sticker') && !part.mime?.startsWith('video/');
  if (picture) {
    return (
      <a href={part.url} target="_blank" rel="noreferrer">
        <img src={part.url} alt={name} loading="lazy" />
      </a>
    );
  }
  if (part.kind === 'audio' || part.kind === 'voice') {
    // biome-ignore lint/a11y/useMediaCaption: nobody wrote captions for a customer's voice note.
    return <audio controls src={part.url} aria-label={name} preload="none" />;
  }
  if (part.kind === 'video') {
    // biome-ignore lint/a11y/useMediaCaption: nobody wrote captions for a customer's video.
    return <video controls src={part.url} aria-label={name} preload="metadata" />;
  }
  return (
    <Anchor href={part.url} target="_blank" rel="noreferrer" c="inherit" underline="always">
      {name}
      {part.size !== undefined && ` (${size(part.size)})`}
    </Anchor>
  );
}

/** Marks nest and never cross, so each stretch between two borders wears all the marks that cover it. */
function MarkedText({ text, marks }: { text: string; marks: readonly Mark[] }): ReactNode {
  const borders = [...new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return borders.slice(0, -1).map((start, index) => {
    const end = borders[index + 1] ?? text.length;
    const worn = marks.filter(mark => mark.start <= start && mark.end >= end);
    return <span key={start}>{worn.reduceRight<ReactNode>(wear, text.slice(start, end))}</span>;
  });
}

function wear(inner: ReactNode, { type, url }: Mark): ReactNode {
  switch (type) {
    case 'bold':
      return <strong>{inner}</strong>;
    case 'italic':
      return <em>{inner}</em>;
    case 'underline':
      return <u>{inner}</u>;
    case 'strike':
      return <s>{inner}</s>;
    case 'code':
    case 'pre':
      return <Code>{inner}</Code>;
    case 'quote':
      return <q>{inner}</q>;
    case 'link':
      return url && /^(https?|mailto|tel):/.test(url) ? (
        <Anchor href={url} target="_blank" rel="noreferrer" c="inherit" underline="always">
          {inner}
        </Anchor>
      ) : (
        inner
      );
    default:
      return inner;
  }
}
