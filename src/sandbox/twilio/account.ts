import { randomBytes } from 'node:crypto';
import type { Core } from '../vendor.ts';
import { Line } from './line.ts';
import type { MediaStore } from './media.ts';
import type { Message } from './message.ts';
import { OptOuts } from './opt-outs.ts';
import { AlphaSender } from './sender.ts';
import { Service } from './service.ts';
import { newSid } from './sid.ts';
import type { Signer } from './signature.ts';
import type { TwilioAccount, TwilioFate, TwilioFile, TwilioText } from './types.ts';

/** A text that came to a handset, and by which way. */
interface Arrival {
  to: string;
  from: string;
  serviceSid: string | undefined;
  text: TwilioText;
}

export class Account implements TwilioAccount {
  readonly core: Core;
  readonly store: MediaStore;
  readonly signer: Signer;
  readonly sid: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly messages: Message[] = [];
  readonly arrivals: Arrival[] = [];
  readonly optOuts = new OptOuts();
  readonly fates = new Map<string, TwilioFate>();
  readonly lines: Line[] = [];
  readonly services: Service[] = [];
  readonly alphaSenders: AlphaSender[] = [];
  status: TwilioAccount['status'] = 'active';
  authToken: string;
  readonly #keys = new Map<string, string>();

  constructor(
    world: { core: Core; store: MediaStore; signer: Signer },
    about: { sid: string; authToken: string; name: string },
  ) {
    this.core = world.core;
    this.store = world.store;
    this.signer = world.signer;
    this.sid = about.sid;
    this.authToken = about.authToken;
    this.name = about.name;
    this.createdAt = world.core.now();
  }

  /** How these credentials sign in here, if they do. */
  credentials(user: string, password: string): 'token' | 'key' | undefined {
    if (user === this.sid && password === this.authToken) return 'token';
    return this.#keys.get(user) === password ? 'key' : undefined;
  }

  rotate(newToken = randomBytes(16).toString('hex')): string {
    this.authToken = newToken;
    this.core.changes.changed();
    return newToken;
  }

  apiKey(): { sid: string; secret: string } {
    const key = { sid: newSid('SK'), secret: randomBytes(16).toString('hex') };
    this.#keys.set(key.sid, key.secret);
    return key;
  }

  number(phoneNumber: string, options: { mms?: boolean } = {}): Line {
    if (!/^\+[1-9]\d{6,14}$/.test(phoneNumber)) throw new Error(`${phoneNumber} is no number in E.164.`);
    return this.#line(phoneNumber, options);
  }

  shortCode(code: string): Line {
    if (!/^\d{5,6}$/.test(code)) throw new Error('A short code has 5 or 6 digits.');
    return this.#line(code, {});
  }

  alphaSender(name: string): AlphaSender {
    if (!/^(?=.*[a-z])[\w +&-]{1,11}$/i.test(name)) throw new Error(`${name} is no alphanumeric sender.`);
    const known = this.alphaSenders.find(({ address }) => address === name);
    if (known) return known;
    const sender = new AlphaSender(this, name);
    this.alphaSenders.push(sender);
    return sender;
  }

  service(options: { sid?: string; name?: string; lines?: Line[] } = {}): Service {
    const { sid = newSid('MG'), name = 'Sandbox service', lines = [] } = options;
    const service = new Service(this, sid, { name, lines });
    this.services.push(service);
    return service;
  }

  /** By what stands in a call's `From`. */
  sender(address: string): Line | AlphaSender | undefined {
    return [...this.lines, ...this.alphaSenders].find(sender => sender.address === address);
  }

  file(mediaUrl: string, file: TwilioFile): void {
    const [, account, message, media] = /\/Accounts\/(\w+)\/Messages\/(\w+)\/Media\/(\w+)$/.exec(mediaUrl) ?? [];
    if (account !== this.sid || !message || !media) throw new Error(`${mediaUrl} is no media of account ${this.sid}.`);
    this.store.add(this.sid, message, file, media);
  }

  fateOf(phoneNumber: string): TwilioFate {
    return this.fates.get(phoneNumber) ?? { status: 'delivered' };
  }

  /** Puts a text on a handset. */
  arrive(to: string, text: TwilioText, serviceSid?: string): void {
    this.arrivals.push({ to, from: text.from, serviceSid, text });
    this.core.changes.changed();
  }

  violate(operation: string, message: string): void {
    this.core.violate({ vendor: 'twilio', operation, message });
  }

  #line(address: string, options: { mms?: boolean }): Line {
    const known = this.lines.find(line => line.address === address);
    if (known) return known;
    const line = new Line(this, address, options);
    this.lines.push(line);
    this.core.changes.changed();
    return line;
  }
}
