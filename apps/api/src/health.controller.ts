import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** For those who keep the process running. */
@Controller()
export class HealthController {
  constructor(private readonly db: DataSource) {}

  /** The process lives. Asks nobody else, so that a slow database does not get it restarted. */
  @Get('healthz')
  @Header('Cache-Control', 'no-store')
  health(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can do its work: the database answers. */
  @Get('readyz')
  @Header('Cache-Control', 'no-store')
  async ready(): Promise<{ status: string }> {
    try {
      await this.db.query('SELECT 1');
    } catch {
      throw new ServiceUnavailableException({ status: 'the database does not answer' });
    }
    return { status: 'ready' };
  }
}
