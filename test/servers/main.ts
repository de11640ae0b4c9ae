// Runs the contract against real servers, and prints what they did. Ends with 1 where a promise is broken.
import process, { argv } from 'node:process';
import { linkRemerge } from './install.ts';

// A signal by itself would leave a server behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

// What is loaded from here on imports remerge.
await linkRemerge();
const { chosen, run } = await import('./run.ts');
const servers = chosen(argv.slice(2));
if ('unknown' in servers) {
  console.error(servers.unknown);
  process.exitCode = 2;
} else process.exitCode = (await run(servers)) ? 0 : 1;
