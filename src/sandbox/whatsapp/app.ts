import { randomBytes } from 'node:crypto';
import type { Core } from '../vendor.ts';
import { Account } from './account.ts';
import type { Directory } from './directory.ts';
import { verifyCallback } from './handshake.ts';
import { newToken } from './ids.ts';
import type { WhatsAppApp, WhatsAppCallback } from './types.ts';

/** A Meta app: the secret that signs, and the callback of all accounts that have none of their own. */
export class App implements WhatsAppApp {
  readonly directory: Directory;
  readonly appId: string;
  readonly appSecret: string;
  readonly name: string;
  callback: WhatsAppCallback | undefined;
  readonly #core: Core;
  readonly #accounts: Account[] = [];

  constructor(core: Core, directory: Directory, about: { appId?: string; appSecret?: string; name?: string }) {
    this.#core = core;
    this.directory = directory;
    this.appId = directory.claim(about.appId);
    this.appSecret = about.appSecret ?? randomBytes(16).toString('hex');
    this.name = about.name ?? 'Sandbox app';
  }

  get accounts(): readonly Account[] {
    return this.#accounts;
  }

  async setCallback(url: string, verifyToken: string): Promise<void> {
    await verifyCallback({ url, verifyToken });
    this.callback = { url, verifyToken };
    this.#core.changes.changed();
  }

  account(options: { wabaId?: string; token?: string; name?: string } = {}): Account {
    const account = new Account(this.#core, this, {
      wabaId: this.directory.claim(options.wabaId),
      name: options.name ?? 'Sandbox account',
      token: options.token ?? newToken(),
    });
    this.#accounts.push(account);
    this.#core.changes.changed();
    return account;
  }
}
