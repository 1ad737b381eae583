import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

export interface Job {
  name: string;
  /** Cron expression, UTC. */
  cron: string;
  run(): Promise<void>;
}

/**
 * Background work off the message path (checks, clean-up), once across all processes. Returns how to stop it.
 * @throws when the database cannot be reached.
 */
export async function startJobs(options: {
  databaseUrl: string;
  jobs: readonly Job[];
  logger: Logger;
}): Promise<() => Promise<void>> {
  const boss = new PgBoss({ connectionString: options.databaseUrl, schema: 'jobs', max: 2 });
  boss.on('error', error => options.logger.warn({ err: error }, 'background jobs'));
  await boss.start();
  for (const job of options.jobs) {
    await boss.createQueue(job.name, { policy: 'singleton', retryLimit: 2 });
    await boss.work(job.name, async () => {
      await job.run();
      options.logger.debug({ job: job.name }, 'job done');
    });
    await boss.schedule(job.name, job.cron);
  }
  return () => boss.stop({ graceful: true, timeout: 5000 });
}
