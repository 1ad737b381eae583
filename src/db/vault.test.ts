import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BrokenSealError,
  createVault,
  formatKeyRing,
  KeyRingError,
  makeKey,
  parseKeyRing,
  UnknownKeyError,
  type VaultKey,
} from './vault.ts';

const oldKey: VaultKey = { id: 'old', key: Buffer.alloc(32, 1) };
const newKey: VaultKey = { id: 'new', key: Buffer.alloc(32, 2) };

describe('a vault', () => {
  test('gives back whatever text was sealed, under the same place only', () => {
    const vault = createVault([newKey]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, place) => {
        expect(vault.open(vault.seal(text, place), place)).toBe(text);
        expect(() => vault.open(vault.seal(text, place), `${place}x`)).toThrow(BrokenSealError);
      }),
    );
  });

  test('shows nothing of the text and never seals to the same value twice', () => {
    const vault = createVault([newKey]);
    const sealed = vault.seal('fake-token-123', 'channel:1');
    expect(sealed).toMatch(/^v1\.new\.[\w-]{16}\.[\w-]+$/);
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('fake-token');
    expect(vault.seal('fake-token-123', 'channel:1')).not.toBe(sealed);
  });

  test('opens what an older key of the ring sealed, and says that it wants the current one', () => {
    const sealed = createVault([oldKey]).seal('fake-token-123', 'channel:1');
    const vault = createVault([newKey, oldKey]);
    expect(vault.open(sealed, 'channel:1')).toBe('fake-token-123');
    expect(vault.needsRotation(sealed)).toBe(true);
    expect(vault.needsRotation(vault.seal('fake-token-123', 'channel:1'))).toBe(false);
  });

  test('names the key that is missing', () => {
    const sealed = createVault([oldKey]).seal('fake-token-123', 'channel:1');
    const open = () => createVault([newKey]).open(sealed, 'channel:1');
    expect(open).toThrow(UnknownKeyError);
    expect(open).toThrow(/the key "old".*OCTOPODS_ENCRYPTION_KEYS/);
  });

  test('refuses a value of which a single character was changed', () => {
    const vault = createVault([newKey]);
    const sealed = vault.seal('fake-token-123', 'channel:1');
    const start = 'v1.new.'.length;
    for (let at = start; at < sealed.length - 1; at++) {
      if (sealed[at] === '.') continue;
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => vault.open(changed, 'channel:1')).toThrow(BrokenSealError);
    }
  });

  test('refuses what a wrong key of the same id sealed', () => {
    const sealed = createVault([{ id: 'new', key: oldKey.key }]).seal('fake-token-123', 'channel:1');
    expect(() => createVault([newKey]).open(sealed, 'channel:1')).toThrow(BrokenSealError);
  });

  test.each([
    '',
    'fake-token-123',
    'v1.new',
    'v2.new.AAAA.AAAA',
    'v1.new.AAAA.AAAA',
    'v1.new.AAAAAAAAAAAAAAAA.AAAA',
    'v1..A.A',
  ])('refuses %j, which was never sealed', value => {
    expect(() => createVault([newKey]).open(value, 'channel:1')).toThrow(BrokenSealError);
  });
});

describe('a key ring', () => {
  test('is read as it was written, the current key first', () => {
    const ring = [makeKey(), makeKey()] as const;
    expect(parseKeyRing(formatKeyRing(ring))).toEqual(ring);
  });

  test.each([
    ['', /Key 1.*not in the form/],
    ['only-an-id', /Key 1.*not in the form/],
    [`a:${Buffer.alloc(32).toString('base64')},b`, /Key 2.*not in the form/],
    [`a:${Buffer.alloc(16).toString('base64')}`, /"a" has 16 bytes and must have 32/],
    [`a:${Buffer.alloc(32).toString('base64')},a:${Buffer.alloc(32).toString('base64')}`, /"a" twice/],
  ])('in the form %j is refused', (text, words) => {
    expect(() => parseKeyRing(text)).toThrow(KeyRingError);
    expect(() => parseKeyRing(text)).toThrow(words);
  });
});
