import pg from 'pg';

// Sequence numbers and sizes: far below 2^53, so plain numbers are exact.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Pool = pg.Pool;
export type Client = pg.PoolClient;
/** Anything that runs a statement: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export function createPool(url: string, options: { max?: number; onError?: (error: Error) => void } = {}): Pool {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 16, application_name: 'octopods' });
  // A connection that breaks, idle or in the middle of a transaction, is replaced by the pool; unheard, its error would end
  // the process.
  const broken = (error: Error) => {
    // A server that goes down while we say goodbye is no news.
    if (pool.ending) return;
    // The pool hangs the whole connection onto the error, with more than a log should hold.
    Reflect.deleteProperty(error, 'client');
    options.onError?.(error);
  };
  pool.on('error', broken);
  pool.on('connect', client => client.on('error', broken));
  return pool;
}

const deadlockDetected = '40P01';
const serializationFailure = '40001';

/**
 * Runs `work` in one transaction and commits. A deadlock is the database's way to ask for another try, so `work` may run
 * more than once and must do nothing but talk to its client.
 */
export async function transaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      const broken = await client.query('rollback').then(
        () => undefined,
        (rollbackError: Error) => rollbackError,
      );
      client.release(broken);
      if (tries < 5 && (sqlState(error) === deadlockDetected || sqlState(error) === serializationFailure)) continue;
      throw error;
    }
  }
}

/** The five-letter SQLSTATE of a database error, undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** The constraint a unique or foreign key violation speaks of. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined;
}
