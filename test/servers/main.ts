// Runs the contract against real servers, and prints what they did. Ends with 1 where a promise is broken.
import { argv } from 'node:process';
import { linkRemerge } from './install.ts';

// What is loaded from here on imports remerge.
await linkRemerge();
const { run } = await import('./run.ts');
process.exitCode = (await run(argv.slice(2))) ? 0 : 1;
