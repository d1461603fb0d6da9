import { readConfig } from '#kernel';
import { migrate } from '#schema';

await migrate(readConfig(process.env).databaseUrl);
console.log('The tables are up to date.');
