import { Tooltip } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { exactTime } from '../lib/time.ts';
import type { Tone } from './States.tsx';
import { When } from './When.tsx';

type Status = Schemas['Channel']['status'];

const shown: Record<Status, { word: string; tone: Tone }> = {
  connected: { word: 'Connected', tone: 'good' },
  pending: { word: 'Pending verification', tone: 'wait' },
  offline: { word: 'Offline', tone: 'warn' },
  disconnected: { word: 'Disconnected', tone: 'bad' },
};

export const statusWords = Object.entries(shown).map(([value, { word }]) => ({ value, label: word }));

export interface WithStatus {
  status: Status;
  statusReason: string | null;
  statusSince: string;
  switchedOff?: boolean;
  archivedAt?: string | null;
}

/** Colour, word, and on hover or focus the reason and since when. */
export function StatusBadge({ of, since = false }: { of: WithStatus; since?: boolean }) {
  const { word, tone } = appearance(of);
  const label = [of.statusReason, `Since ${exactTime(of.statusSince)}`].filter(Boolean).join(' ');
  return (
    <span>
      <Tooltip label={label}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be within reach of the keyboard. */}
        <span className={`tone tone-${tone}`} tabIndex={0}>
          {word}
        </span>
      </Tooltip>
      {since && (
        <>
          {' '}
          <span className="quiet">
            since <When at={of.statusSince} />
          </span>
        </>
      )}
    </span>
  );
}

function appearance({ status, switchedOff, archivedAt }: WithStatus): { word: string; tone: Tone } {
  if (archivedAt) return { word: 'Archived', tone: 'idle' };
  if (switchedOff) return { word: 'Switched off', tone: 'idle' };
  return shown[status];
}

export function StatusWord({ status }: { status: Status }) {
  const { word, tone } = shown[status];
  return <span className={`tone tone-${tone}`}>{word}</span>;
}
