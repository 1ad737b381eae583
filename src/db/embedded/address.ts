import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Home } from './home.ts';

/**
 * Where PostgreSQL listens: a Unix socket in a folder that no other account may enter, or, where that cannot be, a port of
 * the loopback interface. It asks for the password either way.
 */
export type Address = { socketFolder: string } | { port: number };

/** Names the socket file; a socket's folder is its alone, so the number is free. */
const socketPort = 5432;

/** Bytes of a socket's path that every Unix has room for (macOS: 104 with the closing zero). */
const longestPath = 103;

export async function chooseAddress(home: Home): Promise<Address> {
  const path = join(home.run, `.s.PGSQL.${socketPort}`);
  // PostgreSQL reads the setting as a list, in which commas and quotes have a meaning.
  const usable = process.platform !== 'win32' && Buffer.byteLength(path) <= longestPath && !/[,"]/.test(path);
  return usable ? { socketFolder: home.run } : { port: await freePort() };
}

/** The settings that make PostgreSQL listen there and nowhere else. */
export function listenSettings(address: Address): Record<string, string> {
  return 'port' in address
    ? { listen_addresses: '127.0.0.1', port: String(address.port), unix_socket_directories: '' }
    : { listen_addresses: '', port: String(socketPort), unix_socket_directories: address.socketFolder };
}

/** A `postgres://` URL that both `pg` and PostgreSQL's own programs understand. */
export function urlOf(address: Address, role: string, password: string, database: string): string {
  const signIn = `postgres://${role}:${password}`;
  return 'port' in address
    ? `${signIn}@127.0.0.1:${address.port}/${database}`
    : `${signIn}@localhost:${socketPort}/${database}?host=${encodeURIComponent(address.socketFolder)}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system named no free port.');
  return address.port;
}
