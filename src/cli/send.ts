import { setTimeout as delay } from 'node:timers/promises';
import type { Failure } from '../contract/failure.ts';
import { failureRules } from '../kit/failure.ts';
import { compose } from '../relay/compose.ts';
import { withInstallation } from './installation.ts';
import { UsageError } from './output.ts';

/** Seconds that the command waits for the message's fate; a running server goes on with it afterwards. */
const patience = 30;

interface Row {
  status: string;
  failure: Failure | null;
}

/** `octopods send`: puts a text into a conversation's lane and waits until the running server has sent it. */
export async function sendText(conversationId: string, text: string): Promise<void> {
  await withInstallation(async ({ pool }) => {
    const owner = await pool.query<{ account_id: string }>('select account_id from conversations where id::text = $1', [
      conversationId,
    ]);
    const accountId = owner.rows[0]?.account_id;
    if (accountId === undefined) throw new UsageError(`There is no conversation ${conversationId}.`);
    const author = { id: 'octopods', name: 'Octopods command line' };
    const id = await compose(pool, { accountId, conversationId, author, parts: [{ kind: 'text', text }] });
    for (let waited = 0; waited < patience * 5; waited++) {
      const { rows } = await pool.query<Row>('select status, failure from messages where id = $1', [id]);
      const row = rows[0];
      if (row && row.status !== 'queued') return say(row);
      await delay(200);
    }
    console.log('It waits in its lane. Start the server (npm start) to send it.');
  });
}

function say({ status, failure }: Row): void {
  console.log(
    status === 'failed' && failure ? `failed: ${failure.message}\n${failureRules[failure.class].teammate}` : status,
  );
  if (status === 'failed' || status === 'unconfirmed') process.exitCode = 1;
}
