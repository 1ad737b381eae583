import { expect, it } from 'vitest';
import { shown } from './markup.ts';

it.each([
  ['It is *on its way*, see here:', 'It is on its way, see here:'],
  ['_both *at once*_ and ~gone~', 'both at once and gone'],
  ['code `a *b* c` and ```x\n_y_``` stay', 'code a *b* c and x\n_y_ stay'],
  ['2*3*4, snake_case_name, a * b * c', '2*3*4, snake_case_name, a * b * c'],
  ['*one line\nanother*', '*one line\nanother*'],
  ['*', '*'],
  ['naïve *café*!', 'naïve café!'],
])('shows %j as %j', (written, read) => {
  expect(shown(written)).toBe(read);
});
