// A process that updates a note, when it is told to, in the way that it is told.
import { saysUnknown } from './peers/remerge.ts';
import type { Add } from './peers/peer.ts';
import { ways, type Way } from './ways.ts';

/** What a worker gets ready for. */
export interface Task {
  readonly way: Way;
  readonly origin: string;
  readonly note: string;
  readonly ids: readonly string[];
  /** Whether all updates begin at once. Else each is awaited before the next. */
  readonly together: boolean;
}

/** What the makers of updates were told, by the ids of these. */
export interface Told {
  readonly made: readonly string[];
  /** Nobody knows whether it was made. */
  readonly unknown: readonly string[];
  readonly failed: readonly string[];
  /** Why, each reason once. */
  readonly reasons: readonly string[];
}

process.on('disconnect', () => process.exit());
const warm = new Set<string>();
let ready: { readonly task: Task; readonly add: Add } | undefined;

async function prepare(task: Task): Promise<void> {
  const { way, origin } = task;
  // The code is loaded and a connection is open when the clock starts, for every way alike.
  if (!warm.has(way + origin))
    await ways[way](origin)(`warm-${String(process.pid)}-${String(warm.size)}`, 'warm');
  warm.add(way + origin);
  // A client of its own for each task: what was learned of the last one doesn't count.
  ready = { task, add: ways[way](origin) };
  process.send?.('ready');
}

async function work({ task, add }: { readonly task: Task; readonly add: Add }): Promise<void> {
  const made: string[] = [];
  const unknown: string[] = [];
  const failed: string[] = [];
  const reasons = new Set<string>();
  const update = async (id: string): Promise<void> => {
    try {
      await add(task.note, id);
      made.push(id);
    } catch (error) {
      (saysUnknown(error) ? unknown : failed).push(id);
      reasons.add(String(error).split('\n', 1)[0] ?? '');
    }
  };
  if (task.together) await Promise.all(task.ids.map(update));
  else for (const id of task.ids) await update(id);
  process.send?.({ made, unknown, failed, reasons: [...reasons] } satisfies Told);
}

process.on('message', (message: Task | 'go') => {
  if (message !== 'go') void prepare(message);
  else if (ready) void work(ready);
});
