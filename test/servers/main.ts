// Runs the contract against real servers, and prints what they did. Ends with 1 where a promise is broken.
import process, { argv } from 'node:process';
import { linkRemerge } from './install.ts';

// A signal by itself would leave a server behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

// What is loaded from here on imports remerge.
await linkRemerge();
const { chosen, run } = await import('./run.ts');
const what = chosen(argv.slice(2));
if ('unknown' in what) {
  console.error(what.unknown);
  process.exitCode = 2;
} else process.exitCode = (await run(what)) ? 0 : 1;
