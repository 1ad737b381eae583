import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { sharedContracts } from '../testing.ts';
import { type Form, loadSigner, signByRule } from './signature.ts';

const contractsDir = sharedContracts();

interface Vector {
  name: string;
  authToken: string;
  signedUrl: string;
  params: Form;
  expectedSignature: string;
}

describe.skipIf(contractsDir === undefined)('the signatures of the contract', () => {
  const text =
    contractsDir === undefined ? '{}' : readFileSync(join(contractsDir, 'twilio/signature-vectors.json'), 'utf8');
  const { vectors = [] }: { vectors?: Vector[] } = JSON.parse(text);

  it.each(vectors)('$name', async ({ authToken, signedUrl, params, expectedSignature }) => {
    expect(signByRule(authToken, signedUrl, params)).toBe(expectedSignature);
    expect((await loadSigner())(authToken, signedUrl, params)).toBe(expectedSignature);
  });
});

it('is taken by the official library, and no longer once a field has changed', () => {
  const url = 'https://hooks.example.com/sms?tenant=a%20b';
  const form = { Body: "It's 5 € 👍", To: '+12025550100', Tag: ['b', 'a', 'b'] };
  const signature = signByRule('made-up-token', url, form);
  expect(validateRequest('made-up-token', signature, url, form)).toBe(true);
  expect(validateRequest('made-up-token', signature, url, { ...form, Body: 'It is 6 €' })).toBe(false);
});
