import type { ExpectedAttachment, ExpectedDelivery, ExpectedMessage } from './case.ts';
import type { SeenDelivery, SeenMessage } from './observe.ts';

/** Differences in words; empty when all is as expected. */
export type Findings = string[];

/** Phone numbers compare by digits, all else to the letter. */
function same(expected: unknown, found: unknown): boolean {
  if (typeof expected === 'string' && typeof found === 'string') {
    const phone = /^\+?\d{6,}$/;
    if (phone.test(expected) && phone.test(found)) return expected.replace('+', '') === found.replace('+', '');
    return expected.normalize('NFC') === found.normalize('NFC');
  }
  return expected === found;
}

/** `null` means that it must be absent; a field not listed is not looked at. */
function field(name: string, expected: unknown, found: unknown, findings: Findings): void {
  if (expected === undefined) return;
  if (expected === null ? found !== undefined && found !== null && found !== '' : !same(expected, found)) {
    findings.push(`${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found ?? null)}`);
  }
}

export function checkMessages(expected: readonly ExpectedMessage[], seen: readonly SeenMessage[]): Findings {
  const findings: Findings = [];
  if (expected.length !== seen.length) {
    findings.push(
      `expected ${expected.length} message(s), found ${seen.length}: ${JSON.stringify(seen.map(m => m.text))}`,
    );
  }
  expected.forEach((want, i) => {
    const message = seen[i];
    if (message) findings.push(...checkMessage(want, message).map(finding => `message ${i + 1}: ${finding}`));
  });
  return findings;
}

function checkMessage(want: ExpectedMessage, message: SeenMessage): Findings {
  const findings: Findings = [];
  field('id', want.id, message.id, findings);
  const address = message.addresses.find(spelling => same(want.conversation, spelling)) ?? message.addresses[0];
  field('conversation', want.conversation, address, findings);
  field('sender_id', want.sender_id, message.senderId, findings);
  field('sender_name', want.sender_name, message.senderName, findings);
  field('text', want.text, message.text, findings);
  field('payload', want.payload, message.payload, findings);
  field('reply_to', want.reply_to, message.replyTo, findings);
  field('direction', want.direction ?? 'inbound', message.direction, findings);
  if (want.timestamp) field('timestamp', new Date(want.timestamp).toISOString(), message.timestamp, findings);
  if (want.text_contains !== undefined && !message.anyText.includes(want.text_contains)) {
    findings.push(`text: “${message.anyText}” does not contain “${want.text_contains}”`);
  }
  if (want.placeholder && message.anyText.trim() === '' && message.attachments.length === 0) {
    findings.push('a readable stand-in is missing');
  }
  if (want.location === null && message.location) findings.push('there must be no location');
  if (want.location) {
    const found = message.location;
    if (!found) findings.push('the location is missing');
    else
      for (const key of ['lat', 'lng', 'name', 'address'] as const)
        field(`location.${key}`, want.location[key], found[key], findings);
  }
  if (want.attachments !== undefined) findings.push(...checkAttachments(want.attachments ?? [], message));
  return findings;
}

function checkAttachments(want: readonly ExpectedAttachment[], message: SeenMessage): Findings {
  const findings: Findings = [];
  if (want.length !== message.attachments.length) {
    findings.push(`expected ${want.length} attachment(s), found ${message.attachments.length}`);
  }
  want.forEach((expected, i) => {
    const found = message.attachments[i];
    if (!found) return;
    const type = found.type === 'voice' ? 'audio' : found.type;
    field('attachment type', expected.type, type, findings);
    field('attachment mime', expected.mime?.split(';')[0], found.mime?.split(';')[0], findings);
    field('attachment name', expected.name, found.name, findings);
    field('attachment media_id', expected.media_id, found.ref, findings);
    field('attachment url', expected.url, found.ref, findings);
    if (expected.voice !== undefined) field('attachment voice', expected.voice, found.type === 'voice', findings);
  });
  return findings;
}

export function checkDeliveries(expected: readonly ExpectedDelivery[], seen: readonly SeenDelivery[]): Findings {
  const findings: Findings = [];
  if (expected.length !== seen.length) {
    findings.push(
      `expected ${expected.length} delivery(ies), found ${seen.length}: ${JSON.stringify(seen.map(d => d.text))}`,
    );
  }
  expected.forEach((want, i) => {
    const found = seen[i];
    if (!found) return;
    field(`delivery ${i + 1} text`, want.text, found.text, findings);
    if (want.text_contains !== undefined && !(found.text ?? '').includes(want.text_contains)) {
      findings.push(`delivery ${i + 1}: “${found.text}” does not contain “${want.text_contains}”`);
    }
    want.attachments?.forEach((attachment, j) => {
      field(`delivery ${i + 1} attachment type`, attachment.type, found.attachments[j]?.type, findings);
      field(`delivery ${i + 1} attachment name`, attachment.name, found.attachments[j]?.name, findings);
    });
  });
  return findings;
}

/** Each expected event must be among those that happened; only the fields listed are compared. */
export function checkEvents(
  expected: readonly ({ type: string } & Record<string, unknown>)[],
  seen: readonly Record<string, unknown>[],
): Findings {
  return expected.flatMap(want => {
    const fits = seen.some(event =>
      Object.entries(want).every(([key, value]) => {
        if (key === 'timestamp' && typeof value === 'string') return new Date(value).toISOString() === event.timestamp;
        return value === null ? event[key] === undefined : same(value, event[key]);
      }),
    );
    return fits ? [] : [`the event ${JSON.stringify(want)} is missing among ${JSON.stringify(seen)}`];
  });
}
