/** The first line of every generated page. */
export const generated = '<!-- Made by `npm run docs` from the source; what is written here by hand is lost. -->\n';

/** A Markdown table. Cells may hold anything but line breaks. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `50 MiB`, `5 MB`, whichever says the number exactly. */
export function bytes(count: number): string {
  const units = [
    [1024 * 1024, 'MiB'],
    [1_000_000, 'MB'],
    [1024, 'KiB'],
    [1000, 'kB'],
  ] as const;
  const exact = units.find(([size]) => count >= size && count % size === 0);
  return exact ? `${(count / exact[0]).toLocaleString('en')} ${exact[1]}` : `${count.toLocaleString('en')} bytes`;
}
