import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { FailureError } from './failure.ts';

/** Keeps requests to addresses that a stranger gave away from everything but the public internet. */
export interface Guard {
  /**
   * Judges what can be judged before a connection is made: scheme, credentials, literal addresses. Names are judged by
   * `lookup`.
   * @throws FailureError of class `media`
   */
  check(url: URL): void;
  /**
   * Resolves a name and hands out only allowed addresses. The connection uses this very answer, so a second look-up cannot
   * say something else (DNS rebinding).
   */
  lookup: LookupFunction;
}

export interface GuardOptions {
  /** Absent: the system's resolver. */
  resolve?: LookupFunction;
  /** Absent: {@link isPublicAddress}. */
  allows?(address: string): boolean;
}

export function createGuard({ resolve = dnsLookup, allows = isPublicAddress }: GuardOptions = {}): Guard {
  return {
    check(url) {
      if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal(`${url.protocol} is not fetched`);
      if (url.username !== '' || url.password !== '') throw refusal('an address with credentials is not fetched');
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !allows(host)) throw refusal(`${host} is not a public address`);
    },
    lookup(hostname, options, callback) {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '', 0);
        const allowed = (Array.isArray(found) ? found : []).filter(entry => allows(entry.address));
        const [first] = allowed;
        if (!first) return callback(refusal(`${hostname} does not lead to a public address`), '', 0);
        if (options.all) return callback(null, allowed);
        return callback(null, first.address, first.family);
      });
    },
  };
}

/** The part of IPv6 that is given out to the public; everything outside it is local, special or not in use. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for addresses of the public internet only. Everything else (private, loopback, link-local with the cloud metadata
 * service, carrier-grade NAT, multicast, reserved, and IPv6 forms that wrap such an IPv4 address) is refused.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}

function refusal(reason: string): FailureError {
  return new FailureError({ class: 'media', message: `Not fetched: ${reason}.` });
}
