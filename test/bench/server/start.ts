import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dismiss, nextMessage } from '../crew.ts';
import type { Conditions, Order, Seen } from './serve.ts';

/** A server in a process of its own: what it costs must not count as its caller's. */
export interface NoteServer {
  readonly origin: string;
  set(conditions: Conditions): Promise<void>;
  /** What it saw of a note, which it then forgets. */
  look(note: string): Promise<Seen>;
  stop(): Promise<void>;
}

const files = { notes: import.meta.resolve('./notes.ts'), pouchdb: import.meta.resolve('./pouchdb.ts') };

/** Starts the server of a file in this folder. */
export async function startServer(name: keyof typeof files): Promise<NoteServer> {
  const child = fork(fileURLToPath(files[name]));
  const origin = (await nextMessage(child)) as string;
  const ask = (order: Order): Promise<unknown> => {
    const answer = nextMessage(child);
    child.send(order);
    return answer;
  };
  return {
    origin,
    set: async (conditions) => {
      await ask({ kind: 'set', conditions });
    },
    look: async (note) => (await ask({ kind: 'look', path: `/notes/${note}` })) as Seen,
    stop: () => dismiss(child),
  };
}
