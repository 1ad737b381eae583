import { createHash, randomUUID } from 'node:crypto';
import type { Call, Fault, FaultKind, FaultRule, Faults } from './types.ts';

/** Kinds that meet a webhook; all others meet a call. */
const webhookKinds: readonly FaultKind['kind'][] = ['duplicate', 'reorder'];

class ActiveFault implements Fault {
  readonly id = randomUUID();
  readonly rule: FaultRule;
  strikes = 0;
  readonly #seen = new Set<string>();
  readonly #held = new Set<() => void>();
  readonly #forget: (fault: ActiveFault) => void;

  constructor(rule: FaultRule, forget: (fault: ActiveFault) => void) {
    this.rule = rule;
    this.#forget = forget;
  }

  /** True when the rule strikes this call; counts it. */
  strike(call: Call, text: string): boolean {
    if (!this.#matches(call, text) || !this.#isTurn(call)) return false;
    if (this.strikes >= (this.rule.times ?? (this.rule.every === undefined ? 1 : Number.POSITIVE_INFINITY)))
      return false;
    this.strikes++;
    return true;
  }

  /** Keeps what `release` is to let go of. Returns what to call once it has ended by itself. */
  hold(letGo: () => void): () => void {
    this.#held.add(letGo);
    return () => this.#held.delete(letGo);
  }

  release(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const letGo of held) letGo();
  }

  remove(): void {
    this.#forget(this);
    this.release();
  }

  #matches(call: Call, text: string): boolean {
    const { vendor, match } = this.rule;
    if (call.vendor !== vendor) return false;
    if (match === undefined) return true;
    if (typeof match === 'string') return call.operation === match;
    return match instanceof RegExp
      ? new RegExp(match.source, match.flags.replace(/[gy]/g, '')).test(text)
      : match(call);
  }

  #isTurn(call: Call): boolean {
    if (this.rule.every === undefined) return true;
    const key = fingerprint(call);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return this.#seen.size % this.rule.every === 0;
  }
}

export type { ActiveFault };

export class FaultList implements Faults {
  readonly #faults: ActiveFault[] = [];

  get active(): readonly Fault[] {
    return this.#faults;
  }

  add(rule: FaultRule): Fault {
    const fault = new ActiveFault(rule, gone => {
      const index = this.#faults.indexOf(gone);
      if (index >= 0) this.#faults.splice(index, 1);
    });
    this.#faults.push(fault);
    return fault;
  }

  clear(): void {
    for (const fault of [...this.#faults]) fault.remove();
  }

  /** The first rule that strikes this API call. */
  strikeCall(call: Call): ActiveFault | undefined {
    return this.#strike(call, `${call.method} ${call.path}`, false);
  }

  /** The first rule that strikes this webhook. */
  strikeWebhook(call: Call): ActiveFault | undefined {
    return this.#strike(call, call.operation, true);
  }

  #strike(call: Call, text: string, webhook: boolean): ActiveFault | undefined {
    return this.#faults.find(fault => webhookKinds.includes(fault.rule.kind) === webhook && fault.strike(call, text));
  }
}

function fingerprint(call: Call): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([call.account, call.operation, call.method, call.path, call.body]));
  for (const [field, file] of Object.entries(call.files)) hash.update(`${field}:${file.name}:`).update(file.bytes);
  return hash.digest('hex');
}
