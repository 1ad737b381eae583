import type { components } from './schema';

export type ProblemDocument = components['schemas']['Problem'];

/** A request that did not do what it was for, in the words of the server or, where it could not be asked, ours. */
export class ApiProblem extends Error {
  readonly title: string;
  readonly code: string;
  readonly status: number;
  /** To be given to whoever runs the server. Absent: no answer came. */
  readonly requestId?: string;
  /** By the name of the field, as the request wrote it. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the provider's failure advises, where there was one. */
  readonly advice?: string;
  /** better-auth's own word for a refusal. */
  readonly reason?: string;

  constructor(
    document: Partial<ProblemDocument> & { title: string; detail: string; code: string },
    options?: ErrorOptions,
  ) {
    super(document.detail, options);
    this.name = 'ApiProblem';
    this.title = document.title;
    this.code = document.code;
    this.status = document.status ?? 0;
    this.fields = Object.fromEntries((document.errors ?? []).map(({ field, message }) => [field, message]));
    if (document.request_id !== undefined) this.requestId = document.request_id;
    if (typeof document.reason === 'string') this.reason = document.reason;
    const advice = adviceIn(document.failure);
    if (advice !== undefined) this.advice = advice;
  }
}

function adviceIn(failure: unknown): string | undefined {
  if (failure === null || typeof failure !== 'object' || !('advice' in failure)) return undefined;
  return typeof failure.advice === 'string' ? failure.advice : undefined;
}

/** What any thrown value says, in one form. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ code: 'UNEXPECTED', title: 'This page stumbled', detail });
}

/** What somebody at this console can do about it, by the problem's code. */
const nextSteps: Readonly<Record<string, string>> = {
  VALIDATION_FAILED: 'Correct what is marked and try again.',
  CONFIRMATION_MISMATCH: 'Type the name exactly as it is shown, capitals included.',
  PLATFORM_NOT_SUPPORTED: 'Choose another kind of channel for this workspace.',
  SIGN_IN_STATE_INVALID: 'Begin again, in this browser, and finish within ten minutes.',
  UNAUTHENTICATED: 'Sign in again; your session has ended.',
  SIGN_IN_REFUSED: 'Check the e-mail address, the password and the code.',
  FORBIDDEN: 'Ask an admin or the owner of your account to do this.',
  NO_ACCOUNT: 'Ask an admin of your company for an invitation.',
  NOT_FOUND: 'It may have been removed, or the link may be old. Go back and look in the list.',
  ALREADY_SET_UP: 'Sign in, or ask the owner for an invitation.',
  IDENTITY_TAKEN: 'Remove it where it is connected now, or ask whoever connected it.',
  IDENTITY_CHANGED: 'Connect it as a new channel or workspace instead.',
  WORKSPACE_ARCHIVED: 'Restore the workspace first.',
  NOT_CONFIGURED: 'Ask whoever runs this server to set it up, or connect with a token.',
  NOT_RESENDABLE: 'Reload: its status has changed meanwhile.',
  MEMBER_EXISTS: 'Look at the team’s list; cancel the open invitation to make a new one.',
  RATE_LIMITED: 'Wait a minute, then try again.',
  PROVIDER_REFUSED: 'Check what you entered against the provider’s own pages.',
  PROVIDER_UNAVAILABLE: 'Try again in a minute. Nothing was changed.',
  UNAVAILABLE: 'Try again in a moment.',
  UNREACHABLE: 'Check your connection and try again.',
  INTERNAL: 'Try again. If it stays so, give the request id to whoever runs this server.',
  UNEXPECTED: 'Reload the page. If it stays so, tell whoever runs this server what you did.',
};

export function nextStep(problem: ApiProblem): string | undefined {
  // A provider's failure advises about a connection that was good once; at a form, the marked field says more.
  const marked = problem.code === 'PROVIDER_REFUSED' && Object.keys(problem.fields).length > 0;
  return marked ? nextSteps.VALIDATION_FAILED : (problem.advice ?? nextSteps[problem.code]);
}
