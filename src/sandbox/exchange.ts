import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { ActiveFault, FaultList } from './faults.ts';
import type { LoggedCall } from './types.ts';
import type { Answer, Core, RawCall, VendorDouble } from './vendor.ts';

/** Takes one vendor call from its arrival to its answer, by way of the fault that strikes it. */
export class Exchanges {
  readonly log: LoggedCall[] = [];
  readonly #core: Core;
  readonly #faults: FaultList;
  readonly #stop: AbortSignal;

  constructor(core: Core, faults: FaultList, stop: AbortSignal) {
    this.#core = core;
    this.#faults = faults;
    this.#stop = stop;
  }

  async run(double: VendorDouble, raw: RawCall, reply: FastifyReply): Promise<void> {
    const { call, handle } = double.receive(raw);
    const logged: LoggedCall = { ...call, at: this.#core.now() };
    const fault = this.#faults.strikeCall(call);
    if (fault) logged.fault = fault.rule.kind;
    this.log.push(logged);
    this.#core.changes.changed();
    reply.hijack();

    const send = (answer: Answer) => this.#send(reply, logged, answer);
    const effect = () => this.#core.outbox.collect(async () => this.#handle(double, call.operation, handle));
    switch (fault?.rule.kind) {
      case 'status':
        return send({ ...double.refusal(fault.rule.status), ...given(fault.rule) });
      case 'answer':
        return send(fault.rule);
      case 'timeout_before':
        return this.#hang(reply, fault);
      case 'timeout_after':
        (await effect()).release();
        return this.#hang(reply, fault);
      case 'cut':
        if (fault.rule.when === 'after') (await effect()).release();
        return cut(reply);
      case 'webhook_before_answer': {
        const { value, release } = await effect();
        await Promise.all(release());
        return send(value);
      }
      case 'slow':
        await this.#delay(fault, fault.rule.milliseconds);
    }
    const { value, release } = await effect();
    reply.raw.once('close', release);
    send(value);
  }

  /** A bug of the double must not look like a vendor's silence: it is a 500, and on the list of violations. */
  async #handle(double: VendorDouble, operation: string, handle: () => Answer | Promise<Answer>): Promise<Answer> {
    try {
      return await handle();
    } catch (error) {
      const message = `The double failed: ${error instanceof Error ? error.message : String(error)}`;
      this.#core.violate({ vendor: double.vendor, operation, message });
      return double.refusal(500);
    }
  }

  #send(reply: FastifyReply, logged: LoggedCall, answer: Answer): void {
    const asItIs = typeof answer.body === 'string' || answer.body instanceof Uint8Array;
    const headers: Record<string, string> = {
      ...(asItIs ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...answer.headers,
    };
    const body = answer.body instanceof Uint8Array ? { bytes: answer.body.length } : answer.body;
    logged.answer = { status: answer.status, headers, body };
    reply.raw.writeHead(answer.status, headers);
    reply.raw.end(asItIs ? answer.body : JSON.stringify(answer.body));
    this.#core.changes.changed();
  }

  /** Ends early, and quietly, when the fault is released or the sandbox closes. */
  async #delay(fault: ActiveFault, milliseconds: number): Promise<void> {
    const released = new AbortController();
    const forget = fault.hold(() => released.abort());
    const signal = AbortSignal.any([this.#stop, released.signal]);
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
    forget();
  }

  /** Leaves the connection open and silent until the fault is released or the caller goes away. */
  #hang(reply: FastifyReply, fault: ActiveFault): void {
    const forget = fault.hold(() => cut(reply));
    reply.raw.once('close', forget);
  }
}

/** What a rule names of an answer; the vendor's own words stand for the rest. */
function given(rule: { body?: unknown; headers?: Record<string, string> }): Partial<Answer> {
  return {
    ...(rule.body === undefined ? {} : { body: rule.body }),
    ...(rule.headers === undefined ? {} : { headers: rule.headers }),
  };
}

function cut(reply: FastifyReply): void {
  reply.raw.socket?.resetAndDestroy();
}
