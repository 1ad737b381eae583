/** A case file in the shared format: see conformance/FORMAT.md beside the cases. */
export interface Case {
  id: string;
  channel: string;
  kind: 'inbound' | 'status' | 'signature' | 'send-error' | 'platform-webhook';
  why: string;
  given?: Given;
  config: Record<string, unknown>;
  request: CaseRequest;
  response?: { status: number; headers?: Record<string, string>; body: unknown };
  expect: Expect;
  then?: { request: CaseRequest; expect: Expect }[];
}

export interface Given {
  /** Messages that the business sent before, under these provider ids. */
  outgoing?: { message_id: string; to: string; status: string; text?: string }[];
  /** Messages that the customer sent before. */
  inbound?: { id: string; sender_id: string; text: string }[];
  /** Conversations that are tied to a thread of the platform already. */
  links?: { [thread: string]: string }[];
  /** Platform parts that we made ourselves. */
  created_parts?: string[];
  contacts?: { phone?: string; name?: string }[];
}

export interface CaseRequest {
  method: string;
  path_hint?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** A field that is repeated has a list. */
  form?: Record<string, string | string[]>;
  raw_body?: string;
}

export interface Expect {
  messages?: ExpectedMessage[];
  statuses?: { message_id?: string; status?: string; error_class?: string; retry?: boolean; retry_after_s?: number }[];
  final_status?: Record<string, string>;
  events?: ({ type: string } & Record<string, unknown>)[];
  deliver?: ExpectedDelivery[];
  ignored?: string;
  rejected?: number;
  reply?: { status?: number; body?: unknown; body_contains?: string; headers?: Record<string, string> };
  error_class?: string;
  retry?: boolean;
  retry_after_s?: number;
  must_not?: string[];
}

export interface ExpectedMessage {
  id?: string | null;
  conversation?: string | null;
  sender_id?: string | null;
  sender_name?: string | null;
  text?: string | null;
  text_contains?: string;
  attachments?: ExpectedAttachment[] | null;
  location?: { lat: number; lng: number; name?: string | null; address?: string | null } | null;
  reply_to?: string | null;
  timestamp?: string | null;
  direction?: string;
  placeholder?: boolean;
  payload?: string | null;
}

export interface ExpectedAttachment {
  type?: string;
  mime?: string | null;
  url?: string | null;
  media_id?: string | null;
  name?: string | null;
  voice?: boolean;
}

export interface ExpectedDelivery {
  to?: string;
  text?: string | null;
  text_contains?: string;
  attachments?: { type?: string; name?: string; mime?: string }[];
}
