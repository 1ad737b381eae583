import type { Changes } from './changes.ts';
import type { Outbox } from './outbox.ts';
import type { Call, SandboxOptions, Vendor, Violation } from './types.ts';

/** What every double is built on. */
export interface Core {
  now(): Date;
  changes: Changes;
  outbox: Outbox;
  /** Notes a breach of the vendor's contract. */
  violate(violation: Omit<Violation, 'at'>): void;
  redelivery: NonNullable<SandboxOptions['redelivery']>;
}

/** A request as it came in, its first path segment taken off. */
export interface RawCall {
  method: string;
  /** The vendor's host, from the first path segment. */
  host: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  bytes: Buffer;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Bytes and strings go out as they are, anything else as JSON. */
  body: unknown;
}

/** A vendor's side of the wire. */
export interface VendorDouble {
  vendor: Vendor;
  hosts: readonly string[];
  /** Reads a request. `handle` has the effect and gives the answer; it is not called where a fault stands before it. */
  receive(raw: RawCall): { call: Call; handle(): Answer | Promise<Answer> };
  /** How this vendor words a status, where a fault names nothing but the number. */
  refusal(status: number): Answer;
}
