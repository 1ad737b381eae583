import { type Pool, transaction } from '../db/pool.ts';
import { Group } from './group.ts';
import { settleReceipts } from './receipts.ts';
import { commitIntakes, type Intake } from './store/commit.ts';

/** Webhooks that come in at the same time share a commit. Each resolves once it is committed, with whether anything in it was new. */
export class GroupCommit extends Group<Intake, 'accepted' | 'duplicate'> {
  constructor(pool: Pool) {
    super(async intakes => {
      const known = await transaction(pool, client => commitIntakes(client, intakes));
      for (const { source, events } of intakes) {
        const receipts = events.filter(event => event.type === 'receipt');
        if (source.side === 'channel') {
          await settleReceipts(
            pool,
            source,
            receipts.map(receipt => receipt.id),
          );
        }
      }
      return intakes.map(intake => (known.has(intake) ? 'duplicate' : 'accepted'));
    });
  }
}
