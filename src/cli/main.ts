import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { fail } from './output.ts';

// What stands in .env counts where the environment says nothing else.
if (existsSync('.env')) process.loadEnvFile();

const program = new Command('octopods')
  .description('Joins the channels customers write on with the inbox a business answers in.')
  .showHelpAfterError()
  .configureHelp({ sortSubcommands: false });

program
  .command('start')
  .description('run the server: receive, deliver and serve the API')
  .option('--role <role>', 'all, http or worker (overrides OCTOPODS_ROLE)')
  .action(async options => (await import('./start.ts')).start(options));

program
  .command('migrate')
  .description('bring the database up to date')
  .action(async () => (await import('./migrate.ts')).migrateDatabase());

program
  .command('doctor')
  .description('check configuration, database, public address and every channel')
  .action(async () => (await import('./doctor.ts')).doctor());

const channels = program.command('channels').description('what is connected');
channels
  .command('list', { isDefault: true })
  .description('list workspaces and their channels')
  .option('--json', 'as JSON')
  .action(async options => (await import('./channels.ts')).listChannels(options));
channels
  .command('check <id>')
  .description('ask the provider how a channel or workspace is')
  .action(async id => (await import('./channels.ts')).checkConnection(id));

program
  .command('send <conversation> <text>')
  .description('send a text in an existing conversation and wait for its fate')
  .action(async (conversation, text) => (await import('./send.ts')).sendText(conversation, text));

program
  .command('inspect <file>')
  .description('show what a saved webhook means: the verdict on its signature, and its events')
  .requiredOption('--adapter <id>', 'the channel or platform it is from')
  .option('--header <name: value...>', 'a header of the request, may be repeated')
  .option('--config <json>', 'the adapter’s configuration as JSON', '{}')
  .option('--url <url>', 'the address it was posted to', 'https://example.com/hooks/inspect')
  .action(async (file, options) => (await import('./inspect.ts')).inspect(file, options));

program
  .command('replay <id>')
  .description('take a webhook from the journal in once more')
  .action(async id => (await import('./replay.ts')).replayEntry(id));

const keys = program.command('keys').description('the keys that credentials are encrypted with');
keys
  .command('rotate')
  .description('seal every credential with the first key of the ring')
  .action(async () => (await import('./keys.ts')).rotateKeys());
keys
  .command('new')
  .description('print a new key for OCTOPODS_ENCRYPTION_KEYS')
  .action(async () => (await import('./keys.ts')).newKey());

await program.parseAsync().catch(fail);
