import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, toJson } from '../../src/kit/json.ts';
import { dict, list } from '../../src/kit/read.ts';
import { contractsDir } from '../support/shared.ts';

/** A payload as a vendor sends it: JSON, or the fields of a form as a JSON object. */
export interface Example {
  kind: 'json' | 'form';
  text: string;
}

/** Where the vendors' own examples lie below the contracts, and what of each file is a payload. */
const sources: Readonly<Record<string, readonly { files: string; payloads(file: unknown): Example[] }[]>> = {
  telegram: [
    {
      files: 'telegram/updates.examples.json',
      payloads: file => list(dict(file)?.updates).map(entry => json(dict(entry)?.update)),
    },
  ],
  intercom: [
    {
      files: 'intercom/webhook-examples.json',
      payloads: file => Object.values(dict(dict(file)?.examples) ?? {}).map(json),
    },
  ],
  'twilio-sms': [
    { files: 'twilio/webhook-forms.examples.json', payloads: file => Object.values(dict(file) ?? {}).flatMap(form) },
  ],
  whatsapp: [
    { files: 'whatsapp/webhook-examples-pywa/*.json', payloads: file => Object.values(dict(file) ?? {}).map(json) },
    { files: 'whatsapp/webhook-examples-restfb/*.json', payloads: file => [json(file)] },
  ],
};

/** By what a vendor tells one message or notification from another, in a payload's text. */
const ids: Readonly<Record<string, RegExp>> = {
  telegram: /(?<="(?:message_id|update_id)":)\d+/g,
  intercom: /(?<="type":"conversation_part","id":"|"id":"notif_)[^"]+/g,
  'twilio-sms': /(?<=\b[SM]M)[0-9a-f]{32}\b/g,
  whatsapp: /(?<="wamid\.)[^"]+/g,
};

/**
 * The payloads of one adapter's vendor, from its contract and from the conformance cases. `adopt` makes them speak of our
 * own account, number or workspace. Empty where the shared folder is absent.
 */
export async function examplesOf(id: string, adopt: (text: string) => string): Promise<Example[]> {
  const contracts = contractsDir();
  if (contracts === undefined) return [];
  const cases = join(contracts, '../conformance/cases');
  const found = [...(await fromContract(id, contracts)), ...(await fromCases(id, cases))];
  return found.map(({ kind, text }) => ({ kind, text: adopt(text) }));
}

/** The same payload under other ids, counted from `first`: what has come in once already does nothing a second time. */
export function renewed(id: string, text: string, first: number): string {
  const pattern = ids[id];
  let next = first;
  return pattern ? text.replace(pattern, known => String(next++).padStart(known.length, '1')) : text;
}

async function fromContract(id: string, contracts: string): Promise<Example[]> {
  const read = (sources[id] ?? []).map(async ({ files, payloads }) => {
    const names = await Array.fromAsync(glob(files, { cwd: contracts }));
    const parsed = await Promise.all(names.map(name => readJson(`${contracts}/${name}`)));
    return parsed.flatMap(payloads);
  });
  return (await Promise.all(read)).flat();
}

async function fromCases(id: string, cases: string): Promise<Example[]> {
  const names = await Array.fromAsync(glob('*.json', { cwd: cases }));
  const parsed = (await Promise.all(names.map(name => readJson(`${cases}/${name}`)))).map(dict);
  return parsed
    .filter(spec => spec?.channel === id)
    .flatMap(spec => [spec?.request, ...list(spec?.then).map(step => dict(step)?.request)])
    .map(dict)
    .flatMap(request => [...form(request?.form), ...(request?.body === undefined ? [] : [json(request.body)])]);
}

function json(value: unknown): Example {
  return { kind: 'json', text: toJson(value) };
}

function form(value: unknown): Example[] {
  const fields = dict(value);
  return fields ? [{ kind: 'form', text: toJson(fields) }] : [];
}

async function readJson(path: string): Promise<unknown> {
  return parseJson(await readFile(path, 'utf8'));
}
