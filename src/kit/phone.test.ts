import { describe, expect, it } from 'vitest';
import { phoneAddress, toE164 } from './phone.ts';

describe('toE164', () => {
  it.each([
    ['+12025550143', '+12025550143'],
    ['+1 (202) 555-0143', '+12025550143'],
    [' +44 20 7946 0958 ', '+442079460958'],
    ['+5511961234567', '+5511961234567'],
  ])('writes %s as %s', (text, expected) => {
    expect(toE164(text)).toBe(expected);
  });

  it('takes a number that is in no range handed out so far', () => {
    expect(toE164('+15005550006')).toBe('+15005550006');
  });

  it.each(['', '38438', '+38438', 'PARCELCO', '2025550143', '+1', '+999123', 'call +12025550143 now', '+12O25550143'])(
    'knows that "%s" is none',
    text => {
      expect(toE164(text)).toBeUndefined();
    },
  );
});

describe('phoneAddress', () => {
  it('leaves short codes and names as they are', () => {
    expect(phoneAddress('38438')).toBe('38438');
    expect(phoneAddress('Parcel Co')).toBe('Parcel Co');
    expect(phoneAddress('+1 202-555-0143')).toBe('+12025550143');
  });
});
