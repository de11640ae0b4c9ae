import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Seen } from './shared-note.ts';
import type { Order, Outcome } from './updater.ts';
import type { Way } from './ways.ts';

/** What is to be done: `updates` by each of `processes`. */
export interface Load {
  readonly processes: number;
  readonly updates: number;
  /** Whether a process begins all of its updates at once. Else it awaits each before the next. */
  readonly together: boolean;
}

/** What came of it, as the server has it. */
export interface Trial {
  readonly requests: number;
  readonly refused: number;
  readonly ms: number;
  /** Updates that are not in the note. */
  readonly missing: number;
  /** Updates that are in the note twice, or whose maker was told otherwise than what the server has. */
  readonly wrong: number;
  /** Why updates were given up. */
  readonly reasons: readonly string[];
}

/** A server of notes that lets every request wait. */
export interface NoteServer {
  readonly origin: string;
  seen(note: string): Promise<Seen>;
  stop(): void;
}

export async function startNoteServer(latency: number): Promise<NoteServer> {
  const child = fork(fileURLToPath(import.meta.resolve('./note-server.ts')), [String(latency)]);
  const [origin] = (await once(child, 'message')) as [string];
  return {
    origin,
    async seen(note) {
      child.send(`/notes/${note}`);
      const [seen] = (await once(child, 'message')) as [Seen];
      return seen;
    },
    stop: () => child.disconnect(),
  };
}

let trials = 0;

/** Has a new note updated. The clock runs from when every process is ready until the last one is done. */
export async function tryWay(server: NoteServer, way: Way, load: Load): Promise<Trial> {
  const note = `trial-${String(++trials)}`;
  const ids = Array.from({ length: load.processes }, (_, process) =>
    Array.from({ length: load.updates }, (_, update) => `${String(process)}.${String(update)}`),
  );
  const file = fileURLToPath(import.meta.resolve('./updater.ts'));
  const order = { way, origin: server.origin, note, together: load.together };
  const children = ids.map((own) => fork(file, [JSON.stringify({ ...order, ids: own } satisfies Order)]));
  try {
    await Promise.all(children.map((child) => told(child)));
    const finished = children.map((child) => told(child) as Promise<Outcome>);
    const start = performance.now();
    for (const child of children) child.send('go');
    const outcomes = await Promise.all(finished);
    const ms = performance.now() - start;
    const made = outcomes.flatMap((outcome) => outcome.made);
    const reasons = new Set(outcomes.flatMap((outcome) => outcome.reasons));
    const seen = await server.seen(note);
    const { requests, refused } = seen;
    return { ...judge(ids.flat(), made, seen.ids), requests, refused, ms, reasons: [...reasons] };
  } finally {
    await Promise.all(children.map(dismiss));
  }
}

/** Compares what is in the note with what was asked for, and with what its makers were told. */
function judge(asked: readonly string[], made: readonly string[], there: readonly string[]) {
  const times = new Map<string, number>();
  for (const id of there) times.set(id, (times.get(id) ?? 0) + 1);
  const told = new Set(made);
  const isWrong = (id: string) => (times.get(id) ?? 0) !== (told.has(id) ? 1 : 0);
  return { missing: asked.filter((id) => !times.has(id)).length, wrong: asked.filter(isWrong).length };
}

/** The next message of a process. It rejects if the process ends instead. */
async function told(child: ChildProcess): Promise<unknown> {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = async (): Promise<never> => {
    await once(child, 'exit', { signal });
    throw new Error('A process ended before its updates were made.');
  };
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended()])) as [unknown];
    return message;
  } finally {
    controller.abort();
  }
}

async function dismiss(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  await exit;
}
