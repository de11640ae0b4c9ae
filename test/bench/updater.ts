// A process that updates a note, when it is told to.
import { once } from 'node:events';
import { ways, type Way } from './ways.ts';

export interface Order {
  readonly way: Way;
  readonly origin: string;
  readonly note: string;
  readonly ids: readonly string[];
  /** Whether all updates begin at once. Else each is awaited before the next. */
  readonly together: boolean;
}

export interface Outcome {
  /** The ids whose update was said to be made. */
  readonly made: readonly string[];
  /** Why others were given up. */
  readonly reasons: readonly string[];
}

process.on('disconnect', () => process.exit());
const { way, origin, note, ids, together } = JSON.parse(process.argv[2] ?? '') as Order;
const add = ways[way](origin);
const made: string[] = [];
const reasons = new Set<string>();

async function update(id: string): Promise<void> {
  try {
    await add(note, id);
    made.push(id);
  } catch (error) {
    reasons.add(String(error));
  }
}

// The code is loaded and the first connection is open when the clock starts, for every way alike.
await add(`warm-${String(process.pid)}`, 'warm');
process.send?.('ready');
await once(process, 'message');
if (together) await Promise.all(ids.map(update));
else for (const id of ids) await update(id);
process.send?.({ made, reasons: [...reasons] } satisfies Outcome);
