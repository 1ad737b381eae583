import type { Schemas } from '../../api/client.ts';
import type { Tone } from '../../components/States.tsx';

export const messageStatuses: Record<Schemas['Message']['status'], { word: string; tone: Tone; meaning: string }> = {
  received: { word: 'Received', tone: 'good', meaning: 'It came in and is on its way to the inbox.' },
  queued: { word: 'Waiting', tone: 'wait', meaning: 'It waits for its turn.' },
  sent: { word: 'Sent', tone: 'good', meaning: 'The other side took it.' },
  delivered: { word: 'Delivered', tone: 'good', meaning: 'It arrived.' },
  read: { word: 'Read', tone: 'good', meaning: 'It was read.' },
  failed: { word: 'Failed', tone: 'bad', meaning: 'It was not sent.' },
  unconfirmed: {
    word: 'Unconfirmed',
    tone: 'warn',
    meaning: 'It left, but no answer came: it may have arrived or not.',
  },
};
