import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Before the tests: a browser for those that need one. Debian's Chromium is installed where it is missing and may be.
const chromium = '/usr/bin/chromium';

if (!existsSync(chromium)) {
  const may = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (may) {
    console.log('Installing Chromium for the browser tests …');
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  } else console.log('There is no Chromium, so the browser tests are skipped. “apt-get install chromium” brings it.');
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  console.error(`“${command} ${args.join(' ')}” failed.`);
  // Elsewhere the browser tests are skipped; where they are required, they say themselves that it is missing.
}
