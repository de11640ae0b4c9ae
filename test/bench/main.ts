// Reports, and judges nothing: it ends with 0 whether a target is reached or missed.
import { benchCalls } from './calls.ts';
import { benchRequests } from './requests.ts';
import { benchSize } from './size.ts';
import { benchUpdates } from './updates.ts';
import { benchWrites } from './writes.ts';

const benches = new Map<string, () => Promise<unknown>>([
  ['requests', benchRequests],
  ['get', benchCalls],
  ['put', benchWrites],
  ['size', benchSize],
  ['updates', benchUpdates],
  ['merge', () => import('./merge.ts')],
]);

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...benches.keys()];
const unknown = wanted.find((name) => !benches.has(name));
if (unknown === undefined) {
  console.log(`remerge on Node ${process.versions.node}, ${process.platform} ${process.arch}\n`);
  for (const name of wanted) await benches.get(name)?.();
  process.exitCode = 0;
} else {
  console.error(`No bench is called '${unknown}'. There are: ${[...benches.keys()].join(', ')}.`);
  process.exitCode = 2;
}
