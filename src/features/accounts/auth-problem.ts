import { dict, text } from '../../kit/read.ts';
import { Problem } from '../shared/problem.ts';
import type { ProblemCode } from '../shared/problem-kinds.ts';

const byCode: Readonly<Record<string, ProblemCode>> = {
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: 'MEMBER_EXISTS',
  USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION: 'MEMBER_EXISTS',
  INVITATION_NOT_FOUND: 'NOT_FOUND',
  MEMBER_NOT_FOUND: 'NOT_FOUND',
  INVALID_EMAIL: 'VALIDATION_FAILED',
  INVALID_PASSWORD: 'VALIDATION_FAILED',
  INVALID_EMAIL_OR_PASSWORD: 'SIGN_IN_REFUSED',
  INVALID_CODE: 'SIGN_IN_REFUSED',
  INVALID_BACKUP_CODE: 'SIGN_IN_REFUSED',
  INVALID_TWO_FACTOR_COOKIE: 'SIGN_IN_REFUSED',
  PASSWORD_TOO_SHORT: 'VALIDATION_FAILED',
  PASSWORD_TOO_LONG: 'VALIDATION_FAILED',
};

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
};

/**
 * What better-auth refused, in our form. Its own word for the reason travels along as `reason`, for a sign-in page that
 * must tell a wrong password from a missing second factor.
 */
export function problemFromAuth(status: number, body: unknown): Problem {
  const { code, message } = dict(body) ?? {};
  const reason = text(code);
  const kind = (reason === undefined ? undefined : byCode[reason]) ?? byStatus[status] ?? 'INTERNAL';
  // Above 499 its message may speak of the database.
  const detail = kind === 'INTERNAL' ? undefined : text(message);
  return new Problem(kind, detail, reason === undefined ? {} : { more: { reason } });
}
