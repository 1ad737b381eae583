/** Monospace and code, inside which nothing is formatted; code ends with its line. */
const code = [/```([\s\S]+?)```/u, /`([^`\n]+)`/u];

/** Bold, italic, struck through: only around whole words, and within a line. */
const formats = [
  /(?<![\p{L}\p{N}])\*(?![\s*])([^\n]*?)(?<!\s)\*(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}])_(?![\s_])([^\n]*?)(?<!\s)_(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}])~(?![\s~])([^\n]*?)(?<!\s)~(?![\p{L}\p{N}])/u,
];

/**
 * A text as a phone shows it: the marks of formatting are gone. `2*3*4` and `snake_case_name` stay as they are.
 * @see https://faq.whatsapp.com/539178204879377
 */
export function shown(text: string): string {
  const matches = [...code, ...formats].flatMap(pattern => {
    const match = pattern.exec(text);
    return match ? [{ pattern, match }] : [];
  });
  const first = matches.sort((one, other) => one.match.index - other.match.index)[0];
  if (!first) return text;
  const { pattern, match } = first;
  const [marked, inner = ''] = match;
  const words = code.includes(pattern) ? inner : shown(inner);
  return text.slice(0, match.index) + words + shown(text.slice(match.index + marked.length));
}
