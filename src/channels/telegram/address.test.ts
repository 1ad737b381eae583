import { describe, expect, it } from 'vitest';
import { conversationOf, formatAddress, parseAddress } from './address.ts';

describe('address', () => {
  it.each([
    ['1001', { chat: '1001' }],
    ['-1001180035764', { chat: '-1001180035764' }],
    ['-1001180035764:t3', { chat: '-1001180035764', thread: '3' }],
    ['-1001180035764:d4503599627370495', { chat: '-1001180035764', topic: '4503599627370495' }],
    ['1001:bAbC_d-1', { chat: '1001', business: 'AbC_d-1' }],
    ['1001:t3:bAb:t7', { chat: '1001', thread: '3', business: 'Ab:t7' }],
  ])('%s is written and read the same', (text, address) => {
    expect(formatAddress(address)).toBe(text);
    expect(parseAddress(text)).toEqual(address);
  });

  it.each(['', 'ada', '@ada', '1001:', '1001:x3', '10.5', '1001:t'])('refuses %j', text => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('takes a thread into the address only where it is a topic', () => {
    const message = { chat: { id: -100 }, message_thread_id: 7 };
    expect(conversationOf(message)).toBe('-100');
    expect(conversationOf({ ...message, is_topic_message: true })).toBe('-100:t7');
  });
});
