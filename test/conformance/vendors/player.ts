import type { Sandbox, Vendor } from '../../../src/sandbox/types.ts';
import type { Case, CaseRequest } from '../case.ts';
import type { SeenDelivery } from '../observe.ts';

/** Plays one kind of channel's vendor for the runner: everything about it that cases take for granted. */
export interface Player {
  /** Who is played, by the sandbox's name for it. */
  vendor: Vendor;
  /** Sets up the vendor's account of a case and returns the configuration to connect the channel with. */
  connect(sandbox: Sandbox, config: Case['config']): VendorAccount;
}

/** The channel that a case runs over, and who plays its vendor. */
export interface PlayedChannel {
  /** The adapter's id. */
  kind: string;
  player: Player;
}

export interface VendorAccount {
  config: Record<string, unknown>;
  /** Headers that prove the request comes from the vendor; for cases that carry no proof of their own. */
  sign(request: CaseRequest, body: string | Uint8Array, url: string): Record<string, string>;
  /**
   * For vendors whose proof covers the address: makes a case's own proof anew for `url`. One that is right for the case's
   * address becomes right for ours; to one that is wrong nothing is done, so that it stays wrong.
   */
  signAnew?(request: CaseRequest & { headers: Record<string, string> }, url: string): Record<string, string>;
  /** Puts at the vendor's what the request takes for granted there: the files that it points at. */
  prepare?(request: CaseRequest): void;
  /** A person writes; under this message id where one is given. Resolves when the webhook has been answered. */
  say(person: string, text: string, messageId?: string): Promise<void>;
  /** The provider id of the next message that the business sends, to whom, and the last status that is reported of it. */
  nextSentId(id: string, fate: { to: string; status: string }): void;
  /** Where a call that sends a message arrives: what a fault has to match. */
  sendPath: RegExp;
  /** What the business sent to this person, oldest first. */
  sent(person: string): SeenDelivery[];
}
