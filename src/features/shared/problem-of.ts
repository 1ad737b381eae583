import { isAPIError } from 'better-auth/api';
import type { Failure, FailureClass } from '../../contract/failure.ts';
import { failureRules } from '../../kit/failure.ts';
import { SetUpError, type SetUpErrorCode } from '../../relay/setup.ts';
import { problemFromAuth } from '../accounts/auth-problem.ts';
import { Problem } from './problem.ts';
import type { ProblemCode } from './problem-kinds.ts';

/** The problem that a feature's error stands for; undefined for what nobody foresaw. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof SetUpError) return fromSetUp(error);
  if (isAPIError(error)) return problemFromAuth(error.statusCode, error.body);
  return undefined;
}

const codes: Readonly<Record<Exclude<SetUpErrorCode, 'provider_refused'>, ProblemCode>> = {
  not_found: 'NOT_FOUND',
  unknown_adapter: 'VALIDATION_FAILED',
  invalid_config: 'VALIDATION_FAILED',
  platform_not_supported: 'PLATFORM_NOT_SUPPORTED',
  identity_taken: 'IDENTITY_TAKEN',
  identity_changed: 'IDENTITY_CHANGED',
};

/** Failures that go away by themselves: the same request may succeed later. */
const passing: readonly FailureClass[] = ['temporary', 'rate_limited', 'unknown'];

function fromSetUp(error: SetUpError): Problem {
  const named = error.field === undefined ? [] : [{ field: error.field, message: error.message }];
  const errors = error.issues.length > 0 ? [...error.issues] : named;
  if (error.code !== 'provider_refused') return new Problem(codes[error.code], error.message, { errors });
  const passes = error.failure !== undefined && passing.includes(error.failure.class);
  return new Problem(passes ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_REFUSED', error.message, {
    errors,
    ...(error.failure ? { more: { failure: shownFailure(error.failure) } } : {}),
  });
}

/** A failure as answers show it: with what an admin can do about it. */
export function shownFailure(failure: Failure) {
  const { class: kind, message, code, status, requestId } = failure;
  return { class: kind, message, code, status, requestId, advice: failureRules[kind].admin };
}
