import { readConfig, untilStopped } from '#kernel';
import { startApi } from './api.ts';

const config = readConfig(process.env);
const api = await startApi({ config });
console.log(`ready ${api.url}`);
await untilStopped();
await api.stop();
