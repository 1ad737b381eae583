import { describe, expect, it } from 'vitest';
import { capabilities } from './capabilities.ts';
import { twilioSms } from './index.ts';
import { manifest } from './manifest.ts';
import { parseOrigin } from './origin.ts';
import { config, sid } from './testing.ts';

describe('the sender', () => {
  it.each([
    ['+1 (500) 555-0001', 'number', '+15005550001'],
    [' 38438 ', 'short_code', '38438'],
    [sid('MG'), 'service', sid('MG')],
    ['Example Ltd', 'name', 'Example Ltd'],
    ['24-7 Help', 'name', '24-7 Help'],
  ])('“%s” is a %s', (typed, kind, value) => {
    expect(parseOrigin(typed)).toEqual({ kind, value });
    expect(manifest.config.safeParse({ ...config, sender: typed })).toMatchObject({ data: { sender: value } });
  });

  it.each(['', '12', '5005550001', '+1', 'A far too long name', 'Äther', 'MG123456789012345', '<b>'])(
    '“%s” is none',
    typed => {
      expect(manifest.config.safeParse({ ...config, sender: typed }).success).toBe(false);
    },
  );
});

describe('the configuration', () => {
  it('wants an API key whole or not at all', () => {
    expect(manifest.config.safeParse({ ...config, apiKeySid: sid('SK') }).error?.issues[0]?.path).toEqual([
      'apiKeySecret',
    ]);
    expect(manifest.config.safeParse({ ...config, apiKeySid: sid('SK'), apiKeySecret: 'x' }).success).toBe(true);
  });

  it('knows SIDs by their beginning', () => {
    expect(manifest.config.safeParse({ ...config, accountSid: sid('SK') }).success).toBe(false);
  });
});

describe('what a sender can carry', () => {
  const of = (sender: string, mms?: boolean) => capabilities({ ...config, sender, mms });

  it('is text of 1,600 characters without marks, and pictures by their type and size', () => {
    expect(of('+15005550001', true)).toMatchObject({
      text: { limit: 1600, unit: 'utf16' },
      marks: [],
      attachmentsPerMessage: 10,
      parts: { image: { support: 'full', maxBytes: 5_000_000 }, video: { maxBytes: 500_000 } },
    });
  });

  it('is links in place of files for senders without MMS', () => {
    for (const without of [of('+15005550001', false), of('Example')]) {
      expect(without.parts.image.support).toBe('fallback');
      expect(without.caption).toBe(false);
    }
    expect(of(sid('MG')).parts.image.support).toBe('full');
  });

  it('is held to a rate where Twilio names one for the kind of sender', () => {
    expect(of('+15005550001').rates).toEqual({ channel: { count: 1, seconds: 1 } });
    expect(of('+18885550001').rates).toEqual({ channel: { count: 3, seconds: 1 } });
    expect(of('38438').rates).toEqual({ channel: { count: 100, seconds: 1 } });
    for (const free of ['+442079460958', 'Example', sid('MG')]) expect(of(free).rates).toBeUndefined();
  });
});

describe('how a platform knows the customer', () => {
  it('is the number, or whatever the sender is called', () => {
    expect(twilioSms.externalId('+15005550006', config)).toBe('sms:+15005550006');
    expect(twilioSms.externalId('+1 500 555 0006', config)).toBe('sms:+15005550006');
    expect(twilioSms.externalId('38438', config)).toBe('sms:38438');
    expect(twilioSms.externalId('PARCELCO', config)).toBe('sms:PARCELCO');
  });
});
