import pg from 'pg';

export interface ListenerOptions {
  url: string;
  channel: string;
  onMessage: (payload: string) => void;
  /** Called each time the connection came up or was lost: whatever was derived from messages may be out of date. */
  onGap: () => void;
}

/** Hears PostgreSQL's NOTIFY on one channel over a connection of its own, and comes back by itself when that is lost. */
export class Listener {
  private client: pg.Client | null = null;
  private closed = false;
  private retry: NodeJS.Timeout | null = null;

  constructor(private readonly options: ListenerOptions) {}

  /** True while messages are sure to arrive. */
  get connected(): boolean {
    return this.client !== null;
  }

  async open(): Promise<void> {
    if (this.closed) return;
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: 'goodturn-listen',
      keepAlive: true,
    });
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', (message) => this.options.onMessage(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.options.channel)}`);
    } catch {
      this.lost(client);
      return;
    }
    if (this.closed) {
      await client.end(); // closed while it was still connecting
      return;
    }
    this.client = client;
    this.options.onGap();
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.client?.end();
    this.client = null;
  }

  private lost(client: pg.Client): void {
    client.removeAllListeners();
    client.on('error', () => undefined); // a broken connection may complain twice
    void client.end().catch(() => undefined);
    if (this.client === client) this.client = null;
    if (this.closed) return;
    this.options.onGap();
    if (this.retry) clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.open(), 1000);
  }
}
