import { createHmac } from 'node:crypto';
import { toJson } from '../../kit/json.ts';

/**
 * JSON the way Meta writes it: slashes and everything outside ASCII escaped. The signature is made over this spelling, so that
 * whoever parses and writes the body anew before the check finds another signature.
 */
export function metaJson(value: unknown): string {
  return toJson(value)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `X-Hub-Signature-256` of a webhook body: HMAC-SHA256 over its bytes, keyed with the app secret. */
export function hubSignature256(appSecret: string, body: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}
