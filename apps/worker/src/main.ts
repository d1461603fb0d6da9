import { readConfig, untilStopped } from '#kernel';
import { startGoodturnWorker } from './worker.ts';

const worker = await startGoodturnWorker({ config: readConfig(process.env) });
console.log('ready worker');
await untilStopped();
await worker.stop();
