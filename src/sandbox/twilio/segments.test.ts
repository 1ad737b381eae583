import { expect, it } from 'vitest';
import { countSegments } from './segments.ts';

it.each([
  ['nothing', '', 1],
  ['160 plain characters', 'a'.repeat(160), 1],
  ['161 plain characters', 'a'.repeat(161), 2],
  ['306 plain characters', 'a'.repeat(306), 2],
  ['307 plain characters', 'a'.repeat(307), 3],
  ['80 euros, which take two places each', '€'.repeat(80), 1],
  ['81 euros', '€'.repeat(81), 2],
  ['a euro that would be cut at 153', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
  ['70 characters of another script', 'я'.repeat(70), 1],
  ['71 characters of another script', 'я'.repeat(71), 2],
  ['a curly quote among 70 characters', `${'a'.repeat(70)}’`, 2],
  ['35 emoji, which take two places each', '👍'.repeat(35), 1],
  ['an emoji that would be cut at 67', `${'я'.repeat(66)}👍${'я'.repeat(66)}`, 3],
])('counts %s', (_what, text, segments) => {
  expect(countSegments(text)).toBe(segments);
});
