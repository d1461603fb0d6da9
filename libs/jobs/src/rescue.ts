import { EventEmitter } from 'node:events';
import { Logger, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';

const ROUND_SECONDS = 5;
/** A worker is given this long to take its lock after it took its first job. */
const GRACE_SECONDS = 8;
/** First half of our advisory lock keys ("good" in ASCII), so that they meet nobody else's. */
const LOCK_SPACE = 0x676f6f64;

/**
 * Gives the jobs of a killed worker to the living. graphile-worker leaves them locked for four hours; so each worker
 * holds a session advisory lock under its pool's id, which PostgreSQL drops the moment the process is gone, and every
 * few seconds the living unlock the jobs of ids whose lock nobody holds.
 */
export class Rescue {
  readonly events: WorkerEvents = new EventEmitter();
  private readonly poolIds = new Set<string>();
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly databaseUrl: string,
    private readonly log: (message: string) => void,
  ) {
    this.events.on('pool:create', ({ workerPool }) => this.poolIds.add(workerPool.id));
  }

  async start(): Promise<void> {
    await this.goRound();
    this.timer = setInterval(() => {
      this.round = this.goRound();
    }, ROUND_SECONDS * 1000);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.round;
    await this.client?.end();
    this.client = null;
  }

  private async goRound(): Promise<void> {
    try {
      const client = this.client ?? (await this.connect());
      await client.query(
        `SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by))
           FROM (SELECT locked_by FROM graphile_worker.jobs
                  WHERE locked_by IS NOT NULL AND locked_at < now() - make_interval(secs => $2)) AS held
          WHERE NOT EXISTS (SELECT FROM pg_locks
                             WHERE locktype = 'advisory' AND classid = $1 AND objid = hashtext(locked_by)::oid
                               AND objsubid = 2 AND granted
                               AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
         HAVING count(*) > 0`,
        [LOCK_SPACE, GRACE_SECONDS],
      );
    } catch (error) {
      this.log(`could not look after other workers' jobs: ${(error as Error).message}`);
      this.client = null;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'goodturn-rescue',
      keepAlive: true,
    });
    client.on('error', () => {
      if (this.client === client) this.client = null; // the next round connects again and takes the locks again
    });
    await client.connect();
    for (const id of this.poolIds) await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_SPACE, id]);
    this.client = client;
    return client;
  }
}

/** graphile-worker's log without its daily chatter. */
export function quietLogger(log: (message: string) => void): Logger {
  return new Logger(() => (level, message) => {
    if (['error', 'warning'].includes(level)) log(message);
  });
}
