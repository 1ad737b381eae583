import { Anchor, Code } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';

const tokens = /\*\*(.+?)\*\*|`([^`]+)`|\*(.+?)\*|\[([^\]]+)\]\((https?:[^)\s]+)\)/g;

/** The little Markdown that adapters' manifests use: bold, italic, code and links within one paragraph. */
export function Markdown({ text }: { text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    const [whole, bold, code, italic, label, address] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (bold !== undefined) parts.push(<strong>{bold}</strong>);
    else if (code !== undefined) parts.push(<Code>{code}</Code>);
    else if (italic !== undefined) parts.push(<em>{italic}</em>);
    else
      parts.push(
        <Anchor href={address} target="_blank" rel="noreferrer">
          {label}
        </Anchor>,
      );
  }
  parts.push(text.slice(end));
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places.
  return parts.map((part, index) => <Fragment key={index}>{part}</Fragment>);
}
