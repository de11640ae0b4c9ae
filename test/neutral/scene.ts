import { inject } from 'vitest';
import type { Treatment } from './gate.ts';

/** A document of its own on the example server, as the tests see it: by HTTP, from Node and from a page alike. */
export interface Scene {
  readonly url: string;
  readonly id: string;
  /** A line for each request since the document was there, such as `PUT 412 "v1"`. Preflights are left out. */
  readonly log: () => Promise<readonly string[]>;
  /** Waits until the log has a line. */
  readonly sees: (line: string) => Promise<void>;
  /** A line for each preflight, with the headers that it asks for. */
  readonly preflights: () => Promise<readonly string[]>;
  /** What the server has now; `undefined` for nothing. */
  readonly value: () => Promise<unknown>;
  /** Somebody else stores a state, or removes it. */
  readonly store: (value: unknown) => Promise<void>;
  /** What becomes of requests to it from now on. */
  readonly treat: (...treatments: readonly Treatment[]) => Promise<void>;
}

/** Opens a scene. Without a value there is nothing at its address. */
export async function openScene(value?: unknown, collection: 'notes' | 'boards' = 'notes'): Promise<Scene> {
  const { gate, server } = inject('venue');
  const id = crypto.randomUUID();
  const path = `/${collection}/${id}`;
  const ask = async (action: string, body?: unknown): Promise<readonly string[]> => {
    const of = `${gate}/-/${action}?of=${path}`;
    // Text: JSON would cost a preflight.
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(of, init)).json()) as readonly string[];
  };
  const store = async (stored: unknown): Promise<void> => {
    await ask('store', stored);
  };
  if (value !== undefined) await store(value);
  const isPreflight = (line: string): boolean => line.startsWith('OPTIONS');
  return {
    url: gate + path,
    id,
    log: async () => (await ask('log')).filter((line) => !isPreflight(line)),
    async sees(line) {
      while (!(await ask('log')).includes(line)) await Promise.resolve();
    },
    preflights: async () => (await ask('log')).filter(isPreflight),
    async value() {
      const response = await fetch(server + path, { cache: 'no-store' });
      const stored: unknown = await response.json();
      return response.ok ? stored : undefined;
    },
    store,
    async treat(...treatments) {
      await ask('treat', treatments);
    },
  };
}
