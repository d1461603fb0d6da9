import { CONFIG, Clock, type Config } from '#kernel';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What every part of a process takes for granted: configuration, the time, the database. The only global module. */
@Global()
@Module({})
export class CoreModule {
  static with(config: Config, db: DataSource, clock: Clock): DynamicModule {
    return {
      module: CoreModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: DataSource, useValue: db },
        { provide: Clock, useValue: clock },
      ],
      exports: [CONFIG, DataSource, Clock],
    };
  }
}
