/** Why a call to a provider or platform did not do its job. The list is closed: an adapter maps every answer onto it. */
export type FailureClass =
  /** Token revoked or refused: nothing works until someone reconnects. */
  | 'auth'
  /** Too many calls: wait `retryAfter` seconds. */
  | 'rate_limited'
  /** The person asked for no more messages, or blocked the sender. */
  | 'opted_out'
  /** The provider lets a business answer only for some time after the customer wrote. */
  | 'window_closed'
  /** No such person or address. */
  | 'invalid_recipient'
  /** The person exists but cannot be reached now or any more: phone off, account gone, kicked from the group. */
  | 'unreachable'
  /** An attachment is of a wrong type, too large, or could not be fetched. */
  | 'media'
  /** The provider refuses this content as it is. */
  | 'content'
  | 'too_long'
  /** It waited longer than it is worth sending. */
  | 'expired'
  /** Spam rules, region, unapproved template, plan. */
  | 'policy'
  /** The vendor's fault or the network's; goes away by itself. */
  | 'temporary'
  /** Something in the set-up is wrong and a person must change it. */
  | 'config'
  | 'unknown';

export interface Failure {
  class: FailureClass;
  /** The vendor's own words, or ours where it said nothing. Holds no secret. */
  message: string;
  /** The vendor's code, as text. */
  code?: string;
  /** HTTP status. */
  status?: number;
  /** The vendor's id of the request, for its support. */
  requestId?: string;
  /** Seconds to wait, where the vendor names them. */
  retryAfter?: number;
  /** What a rate limit or an outage covers. Absent: only this conversation. */
  scope?: 'conversation' | 'channel';
  /**
   * True when the bytes left and no answer came: the call may have had its effect. Never repeated blindly; the relay asks
   * the adapter's `find`, and where there is none the message is shown as unconfirmed.
   */
  unconfirmed?: boolean;
}
