import { describe, expect, it } from 'vitest';
import { canonicalNumber, digitsOf, groupAddress, recipientOf } from './address.ts';

describe('a recipient', () => {
  it.each([
    ['447700900417', { recipient_type: 'individual', to: '447700900417' }],
    ['+447700900417', { recipient_type: 'individual', to: '447700900417' }],
    ['5491100000035', { recipient_type: 'individual', to: '5491100000035' }],
    ['US.13491208655302741918', { recipient_type: 'individual', recipient: 'US.13491208655302741918' }],
    [groupAddress('Y2FwaV9ncm91cDox'), { recipient_type: 'group', to: 'Y2FwaV9ncm91cDox' }],
    [groupAddress('120363418770915618@g.us'), { recipient_type: 'group', to: '120363418770915618@g.us' }],
  ])('of %s', (address, recipient) => {
    expect(recipientOf(address)).toEqual(recipient);
  });

  it('needs an address', () => {
    expect(recipientOf('')).toBeUndefined();
  });
});

it.each(['', '0123456789', '12345', '1234567890123456', '44 7700', 'US.1349', 'REDACTED'])('%j is no number', value => {
  expect(digitsOf(value)).toBeUndefined();
});

describe('one spelling', () => {
  it.each([
    ['Argentina', '5491100000035', '541100000035'],
    ['Mexico', '5215500000034', '525500000034'],
    ['Brazil', '551100000036', '5511900000036'],
    ['Brazil, a mobile number of old', '551187654321', '5511987654321'],
  ])('%s', (_country, one, other) => {
    expect(canonicalNumber(one)).toBe(canonicalNumber(other));
  });

  it.each([
    ['a Brazilian landline', '551133334444', '5511933334444'],
    ['a number of Peru that looks Argentine', '51549110000', '5154110000'],
    ['a longer one', '54911000000351', '5411000000351'],
    ['a business-scoped id', 'MX.5215500000034', 'MX.525500000034'],
  ])('is not forced on %s', (_what, one, other) => {
    expect(canonicalNumber(one)).toBe(one);
    expect(canonicalNumber(one)).not.toBe(canonicalNumber(other));
  });

  it('is final', () => {
    for (const number of ['5491100000035', '5215500000034', '551100000036', '5511900000036', '447700900417']) {
      expect(canonicalNumber(canonicalNumber(number))).toBe(canonicalNumber(number));
    }
  });
});
