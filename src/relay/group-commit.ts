import { type Pool, transaction } from '../db/pool.ts';
import { Group } from './group.ts';
import { commitIntakes, type Intake } from './store/commit.ts';

/** Webhooks that come in at the same time share a commit. Each resolves once it is committed, with whether anything in it was new. */
export class GroupCommit extends Group<Intake, 'accepted' | 'duplicate'> {
  constructor(pool: Pool) {
    super(async intakes => {
      const known = await transaction(pool, client => commitIntakes(client, intakes));
      return intakes.map(intake => (known.has(intake) ? 'duplicate' : 'accepted'));
    });
  }
}
