import type { Account } from './account.ts';
import type { Line } from './line.ts';
import { Message } from './message.ts';
import { fetchPictures } from './pictures.ts';
import type { AlphaSender, Sender } from './sender.ts';
import type { TwilioFate, TwilioFile, TwilioMessage } from './types.ts';

export interface Order {
  direction: TwilioMessage['direction'];
  sender: Sender;
  /** The one of a service's senders that is asked for; otherwise the service chooses. */
  from?: Line | AlphaSender | undefined;
  to: string;
  body: string;
  mediaUrls: readonly string[];
  statusCallback?: string | undefined;
  serviceSid?: string | undefined;
}

/** Takes a message on. Nothing has happened to it yet but that it has a SID. */
export function accept(account: Account, { sender, from, mediaUrls, serviceSid, ...order }: Order): Message {
  const chosen = from ?? (serviceSid === undefined ? sender : undefined);
  const message = new Message(account, {
    ...order,
    sid: sender.takeSid(),
    from: chosen?.address ?? null,
    numMedia: mediaUrls.length,
    serviceSid,
    status: serviceSid === undefined ? 'queued' : 'accepted',
  });
  account.messages.push(message);
  return message;
}

/** Brings a message to its handset, or to its other end, and reports every step. */
export async function carry(message: Message, sender: Sender, mediaUrls: readonly string[]): Promise<void> {
  const { account } = message;
  message.from ??= sender.line?.address ?? null;
  const files = await fetchPictures(mediaUrls);
  const fate = fateOf(message, files);
  if (message.status === 'accepted') message.report('accepted');
  for (const status of steps[fate.status]) {
    if (status !== 'queued') message.sentAt = account.core.now();
    if (status === 'sent' && !('errorCode' in files) && fate.status !== 'undelivered') show(message, files);
    message.report(status, status === fate.status ? fate.errorCode : undefined);
  }
}

const steps: Record<TwilioFate['status'], readonly string[]> = {
  queued: ['queued'],
  sent: ['queued', 'sent'],
  delivered: ['queued', 'sent', 'delivered'],
  undelivered: ['queued', 'sent', 'undelivered'],
  failed: ['queued', 'failed'],
};

function fateOf({ account, to }: Message, files: TwilioFile[] | { errorCode: number }): TwilioFate {
  if ('errorCode' in files) return { status: 'failed', errorCode: files.errorCode };
  // Pictures are carried in North America only; elsewhere the country code is another.
  if (files.length > 0 && !to.startsWith('+1')) return { status: 'failed', errorCode: 30011 };
  const fate = account.fateOf(to);
  const failed = fate.status === 'undelivered' || fate.status === 'failed';
  return failed ? { errorCode: 30008, ...fate } : { status: fate.status };
}

function show(message: Message, files: readonly TwilioFile[]): void {
  const { account, sid, to, body, from, serviceSid } = message;
  message.media = files.map(file => account.store.add(account.sid, sid, file));
  const at = account.core.now();
  account.arrive(to, { by: 'business', sid, from: from ?? '', at, text: body, media: [...files] }, serviceSid);
}
