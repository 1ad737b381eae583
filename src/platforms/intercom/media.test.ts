import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchMedia } from './media.ts';
import { startVendor, type Vendor } from './testing.ts';

const host = 'downloads.intercomcdn.com';

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor();
});
afterEach(() => vendor.close());

const fetch = (ref: string) => fetchMedia({ kind: 'image', ref, name: 'a.png' }, vendor.context());

it('fetches a file, without handing out the token', async () => {
  const bytes = Buffer.from('fake image');
  vendor.answer({ [`GET ${host}/i/1/a.png?signature=x`]: { bytes, headers: { 'content-type': 'image/png' } } });
  const fetched = await fetch(`https://${host}/i/1/a.png?signature=x`);
  expect(fetched).toMatchObject({ mime: 'image/png', name: 'a.png' });
  expect('bytes' in fetched && Buffer.from(fetched.bytes).equals(bytes)).toBe(true);
  expect(vendor.seen[0]?.headers).not.toHaveProperty('authorization');
});

it('follows a redirect', async () => {
  vendor.answer({
    [`GET ${host}/1`]: { status: 302, headers: { location: 'https://fake.intercom-attachments-7.com/1' } },
    'GET fake.intercom-attachments-7.com/1': { bytes: Buffer.from('x') },
  });
  expect(await fetch(`https://${host}/1`)).toHaveProperty('bytes');
});

it.each([
  'https://downloads.intercomcdn.eu/1',
  'https://downloads.au.intercomcdn.com/1',
  'https://static.intercomassets.com/1',
  'https://fake.intercomusercontent.com/1',
  'https://fake.intercom-attachments-1.com/1',
])('knows %s as a file host', async ref => {
  vendor.answer({ [`GET ${new URL(ref).host}/1`]: { bytes: Buffer.from('x') } });
  expect(await fetch(ref)).toHaveProperty('bytes');
});

it.each([
  'https://intercomcdn.com.evil.example/1',
  'https://evilintercomcdn.com/1',
  'https://intercom-attachments-x.com/1',
  'http://downloads.intercomcdn.com/1',
  'https://169.254.169.254/latest',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  'no address',
  '',
])('asks nobody for %s', async ref => {
  expect(await fetch(ref)).toMatchObject({ failure: { class: 'media' } });
  expect(vendor.seen).toEqual([]);
});

it.each([
  [403, 'media'],
  [404, 'media'],
  [429, 'rate_limited'],
  [503, 'temporary'],
])('a file host’s %s is %s', async (status, kind) => {
  vendor.answer({ [`GET ${host}/1`]: { status } });
  expect(await fetch(`https://${host}/1`)).toMatchObject({ failure: { class: kind, status } });
});
