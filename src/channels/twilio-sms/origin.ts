import { toE164 } from '../../kit/phone.ts';

/** What messages are sent from. Only the first three can be answered to. */
type OriginKind = 'number' | 'short_code' | 'service' | 'name';

/** `value` as Twilio writes it: +E.164, digits, an `MG…` SID, or an alphanumeric sender. */
export interface Origin {
  kind: OriginKind;
  value: string;
}

/** Reads what a person typed as the sender; undefined when Twilio could send from no such thing. */
export function parseOrigin(typed: string): Origin | undefined {
  const value = typed.trim();
  const number = toE164(value);
  if (number !== undefined) return { kind: 'number', value: number };
  if (/^\d{3,8}$/.test(value)) return { kind: 'short_code', value };
  if (/^MG[0-9a-f]{32}$/i.test(value)) return { kind: 'service', value };
  if (/^(?=.*[a-z])[\w &+-]{1,11}$/i.test(value)) return { kind: 'name', value };
  return undefined;
}
