import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../api/client.ts';
import { capabilitiesQuery } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Facts } from '../../components/Facts.tsx';
import { ErrorNotice, Loading, type Tone } from '../../components/States.tsx';
import { count, sentence, size } from '../../lib/words.ts';

type Capabilities = Schemas['Capabilities'];
type Support = Capabilities['quotes'];

const supports: Record<Support, { word: string; tone: Tone }> = {
  full: { word: 'Carried whole', tone: 'good' },
  partial: { word: 'With a loss', tone: 'warn' },
  fallback: { word: 'As text or link', tone: 'wait' },
  dropped: { word: 'Left out', tone: 'idle' },
  rejected: { word: 'Refused', tone: 'bad' },
};

interface Row {
  id: string;
  support: Support;
  limits: string;
}

/** What becomes of each thing a teammate sends on this channel. */
export function Abilities({ channelId }: { channelId: string }) {
  const query = useQuery(capabilitiesQuery(channelId));
  if (query.isPending) return <Loading />;
  if (!query.data) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  const can = query.data;
  return (
    <Stack gap="lg">
      <section aria-label="Parts of a message">
        <Title order={2} mb={4}>
          What a teammate sends
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          What this channel cannot carry is turned into something it can, or refused before sending, with the reason.
        </Text>
        <DataTable label="Parts of a message" columns={columns} rows={rowsOf(can)} />
      </section>
      <section className="card" aria-label="Limits">
        <Facts of={limitsOf(can)} />
      </section>
    </Stack>
  );
}

const columns: Column<Row>[] = [
  { id: 'what', label: 'What', cell: ({ id }) => sentence(id) },
  {
    id: 'support',
    label: 'What becomes of it',
    cell: ({ support }) => <span className={`tone tone-${supports[support].tone}`}>{supports[support].word}</span>,
  },
  { id: 'limits', label: 'Limits', cell: ({ limits }) => limits || '–' },
];

function rowsOf(can: Capabilities): Row[] {
  const parts = Object.entries(can.parts).map(([id, { support, maxBytes, mimes, note }]) => ({
    id,
    support,
    limits: [maxBytes && `up to ${size(maxBytes)}`, mimes?.join(', '), note].filter(Boolean).join('; '),
  }));
  const rest = (['quotes', 'reactions', 'edits', 'deletes'] as const).map(id => ({ id, support: can[id], limits: '' }));
  return [...parts, ...rest];
}

const unitWords = { utf16: 'characters', codepoints: 'characters', bytes: 'bytes' };

function limitsOf(can: Capabilities): [string, string | undefined][] {
  return [
    ['Text', `${can.text.limit.toLocaleString('en')} ${unitWords[can.text.unit]} a message; longer texts are split`],
    [
      'Caption',
      can.caption
        ? `${can.caption.limit.toLocaleString('en')} ${unitWords[can.caption.unit]}`
        : 'sent as a message of its own',
    ],
    ['Formatting', can.marks.length > 0 ? can.marks.join(', ') : 'none'],
    ['Attachments', `${count(can.attachmentsPerMessage, 'file')} a message`],
    ['Receipts', can.receipts.length > 0 ? can.receipts.join(', ') : 'none'],
    ['Window for answers', can.windowHours ? `${can.windowHours} hours after the customer wrote` : undefined],
    ['Pace', can.rates?.channel && paceWords(can.rates.channel)],
    ['Pace in one chat', can.rates?.conversation && paceWords(can.rates.conversation)],
  ];
}

function paceWords({ count: number, seconds }: { count: number; seconds: number }): string {
  return `${count(number, 'message')} in ${count(seconds, 'second')}`;
}
