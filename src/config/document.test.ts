import { describe, expect, test } from 'vitest';
import { configTable, envExample } from './document.ts';

describe('the documentation of the variables', () => {
  test('holds a row for each, with its default and its form for secrets in files', () => {
    const rows = configTable().trim().split('\n').slice(2);
    expect(rows).toContainEqual(expect.stringMatching(/^\| `PORT` \| `4000` \| .+ \|$/));
    expect(rows).toContainEqual(
      expect.stringMatching(/^\| `OCTOPODS_AUTH_SECRET` or `OCTOPODS_AUTH_SECRET_FILE` \| {2}\| .+ \|$/),
    );
    for (const row of rows) expect(row).toMatch(/^\| `[A-Z0-9_]+`[^|]* \|[^|]*\| \S.+ \|$/);
  });

  test('makes an .env file that changes nothing until a line is uncommented', () => {
    const lines = envExample().trim().split('\n');
    expect(lines.filter(line => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(lines.filter(line => /^#[A-Z]/.test(line)).length).toBe(configTable().trim().split('\n').length - 2);
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(100);
  });
});
