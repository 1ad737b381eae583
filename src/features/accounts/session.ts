import type { IncomingHttpHeaders } from 'node:http';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Auth, clientAddressHeader } from './auth.ts';

/** A request's headers as better-auth reads them, with the caller's address as this server saw it. */
export function webHeaders(request: Pick<FastifyRequest, 'ip'> & { headers: IncomingHttpHeaders }): Headers {
  const headers = fromNodeHeaders(request.headers);
  headers.set(clientAddressHeader, request.ip);
  return headers;
}

/** Hands the cookies that better-auth set on to the browser. */
export function passCookies(headers: Headers, reply: FastifyReply): void {
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie);
}

/**
 * Signs a person in and sets the session's cookie on the reply.
 * @returns headers that carry the new session, for further calls in the same request.
 */
export async function signIn(
  auth: Auth,
  person: { email: string; password: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Headers> {
  const { headers } = await auth.api.signInEmail({
    body: { email: person.email, password: person.password },
    headers: webHeaders(request),
    returnHeaders: true,
  });
  passCookies(headers, reply);
  const signedIn = webHeaders(request);
  const cookies = headers.getSetCookie().map(cookie => cookie.split(';', 1)[0]);
  signedIn.set('cookie', cookies.join('; '));
  return signedIn;
}
