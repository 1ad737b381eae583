import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../contract/adapter.ts';
import { createHttp } from './http.ts';
import { createGuard, type Guard, isPublicAddress } from './ssrf.ts';

describe('public addresses', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])(
    '%s is one',
    address => expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['this host', '0.0.0.0'],
    ['this host', '::'],
    ['link-local', '169.254.0.1'],
    ['link-local', 'fe80::1'],
    ['link-local', 'fe80::1%eth0'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata', 'fd00:ec2::254'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.254'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible', '::7f00:1'],
    ['IPv4-translated', '::ffff:0:10.0.0.1'],
    ['NAT64', '64:ff9b::a9fe:a9fe'],
    ['NAT64, local', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['unique local', 'fc00::1'],
    ['site-local', 'fec0::1'],
    ['not given out', '4000::1'],
    ['documentation', '203.0.113.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarking', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['no address', 'localhost'],
    ['no address', ''],
  ])('not what is %s: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false));
});

describe('an address that a stranger gave', () => {
  test.each([
    ['loopback', 'http://127.0.0.1/'],
    ['metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['one number', 'http://2130706433/'],
    ['hexadecimal', 'http://0x7f000001/'],
    ['hexadecimal parts', 'http://0x7f.0.0x0.1/'],
    ['octal', 'http://0177.0.0.1/'],
    ['short', 'http://127.1/'],
    ['full-width digits', 'http://１２７.０.０.１/'],
    ['percent-encoded', 'http://%31%32%37.0.0.1/'],
    ['a dot at its end', 'http://127.0.0.1./'],
    ['IPv6', 'http://[::1]/'],
    ['IPv4-mapped IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['NAT64', 'https://[64:ff9b::169.254.169.254]/'],
    ['6to4', 'https://[2002:a9fe:a9fe::]/'],
    ['a name of this machine', 'http://localhost/'],
    ['credentials', 'https://user:secret@files.example/'],
    ['a file', 'file:///etc/passwd'],
    ['FTP', 'ftp://files.example/x'],
    ['data', 'data:text/plain,x'],
    ['Gopher', 'gopher://127.0.0.1:6379/_INFO'],
  ])('is not fetched: %s', async (_what, url) => {
    await expect(fetchUntrusted({ url })).rejects.toMatchObject(refused);
  });

  test('is fetched from an address that is allowed', async () => {
    const { origin } = await serve({ '/': { body: 'a file' } });
    expect((await fetchUntrusted({ url: origin }, outside())).text()).toBe('a file');
  });

  test.each([
    ['address', 'http://127.0.0.2/'],
    ['spelling of one', 'http://2130706434/'],
    ['name', 'http://inside.example/'],
    ['scheme', 'file:///etc/passwd'],
  ])('is not followed from outside to an inner %s', async (_what, location) => {
    const { origin, calls } = await serve({ '/': { location: '/again' }, '/again': { location } });
    const guard = outside(names({ 'inside.example': ['127.0.0.2'] }));
    await expect(fetchUntrusted({ url: origin, redirects: 5 }, guard)).rejects.toMatchObject(refused);
    expect(calls).toEqual(['/', '/again']);
  });

  test('is judged and connected to by one and the same look-up, whatever the next one says', async () => {
    const { port } = await serve({ '/': { body: 'outer' } });
    const url = `http://rebinding.example:${port}/`;
    const guard = outside(names({ 'rebinding.example': ['127.0.0.1', '127.0.0.2'] }));
    expect((await fetchUntrusted({ url }, guard)).text()).toBe('outer');
    await expect(fetchUntrusted({ url }, guard)).rejects.toMatchObject(refused);
  });

  test('whose name has inner and outer addresses is fetched from an outer one', async () => {
    const { port, calls } = await serve({ '/': { body: 'outer' } });
    const resolve: LookupFunction = (_name, _options, done) =>
      done(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const answer = await fetchUntrusted({ url: `http://both.example:${port}/` }, outside(resolve));
    expect(answer.text()).toBe('outer');
    expect(calls).toEqual(['/']);
  });

  test('whose name is unknown may be known later', async () => {
    const unknown: LookupFunction = (name, _options, done) =>
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '');
    await expect(fetchUntrusted({ url: 'http://new.example/' }, outside(unknown))).rejects.toMatchObject({
      failure: { class: 'temporary', code: 'ENOTFOUND' },
    });
  });
});

const refused = { failure: { class: 'media', message: expect.stringMatching(/^Not fetched: .*\.$/) } };

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function fetchUntrusted(request: HttpRequest, guard?: Guard): Promise<HttpResponse> {
  return createHttp(guard === undefined ? {} : { guard }).request({ ...request, untrusted: true });
}

/** 127.0.0.1 plays the public internet; 127.0.0.2 and all else is inside. */
function outside(resolve?: LookupFunction): Guard {
  const allows = (address: string) => address === '127.0.0.1';
  return createGuard(resolve === undefined ? { allows } : { allows, resolve });
}

/** A resolver that gives the answers in turn, one a look-up. */
function names(answers: Record<string, string[]>): LookupFunction {
  return (name, _options, done) => {
    const address = answers[name]?.shift();
    if (address === undefined) throw new Error(`${name} is looked up more often than expected.`);
    done(null, [{ address, family: 4 }]);
  };
}

async function serve(
  pages: Record<string, { body?: string; location?: string }>,
): Promise<{ origin: string; port: number; calls: string[] }> {
  const calls: string[] = [];
  const server = createServer((request, answer) => {
    calls.push(request.url ?? '');
    const { body = '', location } = pages[request.url ?? ''] ?? {};
    // Closed each time, so that the next request looks its name up again.
    answer.writeHead(location === undefined ? 200 : 302, { connection: 'close', ...(location ? { location } : {}) });
    answer.end(body);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, calls };
}
