import { factsOf, variableNames } from './variables.ts';

/** All variables as a Markdown table, for docs/configuration.md. */
export function configTable(): string {
  const rows = variableNames.map(name => {
    const { description, secret, default: standard } = factsOf(name);
    const names = secret ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``;
    return `| ${names} | ${standard === undefined ? '' : `\`${standard}\``} | ${description.replaceAll('|', '\\|')} |`;
  });
  return ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** The content of .env.example: every variable, explained and commented out. */
export function envExample(): string {
  const sections = variableNames.map(name => {
    const { description, example, default: standard } = factsOf(name);
    return [...wrap(description, 98).map(line => `# ${line}`), `#${name}=${example ?? standard ?? ''}`].join('\n');
  });
  const head = '# Copy this file to .env and uncomment what you need; nothing of it is required.';
  return `${[head, ...sections].join('\n\n')}\n`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
