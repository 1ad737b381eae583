import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { FailureError } from './failure.ts';

/**
 * True for addresses of the public internet only. Everything else (private, loopback, link-local with the cloud metadata
 * service, carrier-grade NAT, multicast, reserved, and IPv6 forms that wrap such an IPv4 address) is refused.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
}

/** Refuses an address that a stranger gave us before any connection is made. Host names are judged at look-up time. */
export function refusePrivate(url: URL): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse(`${url.protocol}// addresses are not fetched`);
  if (url.username !== '' || url.password !== '') refuse('addresses with credentials are not fetched');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) refuse(`${host} is not a public address`);
}

/**
 * Resolves a name and hands out only public addresses. The connection uses this very answer, so a second look-up cannot
 * say something else (DNS rebinding).
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const allowed = (addresses as LookupAddress[]).filter(entry => isPublicAddress(entry.address));
    const first = allowed[0];
    if (!first) return callback(guardError(`${hostname} does not lead to a public address`), '', 0);
    if (options.all) return callback(null, allowed);
    return callback(null, first.address, first.family);
  });
};

function guardError(reason: string): FailureError {
  return new FailureError({ class: 'media', message: `Not fetched: ${reason}.` });
}

function refuse(reason: string): never {
  throw guardError(reason);
}
