interface ProblemKind {
  status: number;
  /** The same for every occurrence. */
  title: string;
  /** What whoever called can do about it. */
  remedy: string;
}

/** Every error the API answers with. docs/errors.md and the page at /docs/errors say the same; a test compares them. */
export const problemKinds = {
  VALIDATION_FAILED: {
    status: 400,
    title: 'Some fields are not valid',
    remedy: 'Correct the fields named in `errors`.',
  },
  MALFORMED_JSON: {
    status: 400,
    title: 'The body is not valid JSON',
    remedy: 'Send one JSON value in UTF-8; `detail` says where reading stopped.',
  },
  BAD_REQUEST: {
    status: 400,
    title: 'The request cannot be read',
    remedy: 'Check the address, the headers and the length of the body.',
  },
  CONFIRMATION_MISMATCH: {
    status: 400,
    title: 'The typed name does not match',
    remedy: 'Send the exact name of what is to go in `confirm`.',
  },
  PLATFORM_NOT_SUPPORTED: {
    status: 400,
    title: 'This kind of channel does not serve this platform',
    remedy: 'Choose a channel whose `platforms` in GET /api/v1/adapters name the workspace’s platform.',
  },
  SIGN_IN_STATE_INVALID: {
    status: 400,
    title: 'This login is not one that you began here',
    remedy: 'Begin again with POST /api/v1/workspaces/oauth, in the same browser, and finish within ten minutes.',
  },
  DEPRECATED_API_KEY: {
    status: 400,
    title: 'This API key was rotated or revoked',
    remedy: 'Use the key that replaced it, or make a new one.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Nobody is signed in',
    remedy: 'Send an API key in X-Octopods-Auth, or sign in at POST /api/auth/sign-in/email and send the cookie.',
  },
  SIGN_IN_REFUSED: {
    status: 401,
    title: 'The sign-in was refused',
    remedy: 'Check the e-mail address, the password and the second factor.',
  },
  SIGNATURE_REFUSED: {
    status: 401,
    title: 'The webhook’s signature is not right',
    remedy: 'Reconnect the channel or workspace, so that both sides know the same secret.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Your role does not allow this',
    remedy: 'Ask an admin or the owner of the account.',
  },
  NO_ACCOUNT: {
    status: 403,
    title: 'You belong to no account',
    remedy: 'Ask an admin of your company for an invitation.',
  },
  PERSON_REQUIRED: {
    status: 403,
    title: 'This takes a person who is signed in',
    remedy: 'Use a session instead of an API key.',
  },
  WHOLE_ACCOUNT_REQUIRED: {
    status: 403,
    title: 'This API key opens one workspace only',
    remedy: 'Use a key of the whole account.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'The request comes from another site',
    remedy: 'Call from a page of this server, or with an API key from anywhere.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'There is nothing here',
    remedy: 'Check the address and the id, and that it belongs to your account.',
  },
  ALREADY_SET_UP: {
    status: 409,
    title: 'This installation has its owner already',
    remedy: 'Sign in, or ask the owner for an invitation.',
  },
  IDENTITY_TAKEN: {
    status: 409,
    title: 'It is connected already',
    remedy: 'Remove it where it is connected, or ask whoever connected it.',
  },
  IDENTITY_CHANGED: {
    status: 409,
    title: 'These credentials belong to something else',
    remedy: 'Connect it as a new channel or workspace.',
  },
  WORKSPACE_ARCHIVED: {
    status: 409,
    title: 'The workspace is archived',
    remedy: 'Restore it first.',
  },
  NOT_CONFIGURED: {
    status: 409,
    title: 'This login is not configured',
    remedy: 'The operator sets up an app of their own at the vendor; or connect with a token.',
  },
  NOT_RESENDABLE: {
    status: 409,
    title: 'This message has not failed',
    remedy: 'Only messages with the status failed or unconfirmed can be sent again.',
  },
  MEMBER_EXISTS: {
    status: 409,
    title: 'This person is on the team or invited already',
    remedy: 'Look at the team’s list; cancel the invitation to make a new one.',
  },
  OWNER_IS_FIXED: {
    status: 409,
    title: 'The owner cannot be changed or removed',
    remedy: 'Choose another member.',
  },
  NOT_YOURSELF: {
    status: 409,
    title: 'Nobody can change or remove themselves',
    remedy: 'Ask another admin.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The first request with this key is still running',
    remedy: 'Wait a moment and send it again.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 5 MiB.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'This type of body is not taken',
    remedy: 'Send JSON with `content-type: application/json`.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    remedy: 'Make a new key for each new request.',
  },
  PROVIDER_REFUSED: {
    status: 422,
    title: 'The provider refused',
    remedy: '`failure` holds the provider’s own words and what to do.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait for the seconds named in `Retry-After`.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers are too large',
    remedy: 'Send less than 16 KiB of headers.',
  },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong on our side',
    remedy: 'Try again. If it stays so, look for `request_id` in the server’s log.',
  },
  PROVIDER_UNAVAILABLE: {
    status: 502,
    title: 'The provider did not answer as it should',
    remedy: 'Try again in a minute; `failure` holds what is known.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'The server cannot do this at the moment',
    remedy: 'Send it again in a moment; GET /healthz says what is missing.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;
