import type { Adapter, Promised } from './adapter.ts';
import { blind, carrier, manyWriters, merged, once, onward } from './contract/conflicts.ts';
import { control, type Control } from './contract/control.ts';
import {
  createExisting,
  deleteChanged,
  lostAnswer,
  overtaken,
  permanent,
  writeGone,
} from './contract/endings.ts';
import { updates } from './contract/handles.ts';
import { protectedBy } from './contract/probing.ts';
import { startProxy } from './proxy.ts';
import { sceneOf, type Scene } from './scene.ts';

/** A promise, as one word for the head of a column, as a sentence, and as what proves it. */
interface Promising {
  readonly name: Promised;
  readonly promise: string;
  /** Rejects where it is broken; gives what was seen, and beside it what another run may see otherwise. */
  readonly prove: (scene: Scene) => Promise<string | readonly [seen: string, once: string]>;
}

/** The contract: what remerge promises on every server. */
export const promises: readonly Promising[] = [
  { name: 'once', promise: 'sends a write once that nobody disturbs', prove: once },
  { name: 'merged', promise: 'merges a stale write onto what is there', prove: merged },
  { name: 'writers', promise: 'keeps each edit of eight writers', prove: manyWriters },
  { name: 'updates', promise: 'keeps each update of eight handles', prove: updates },
  { name: 'carrier', promise: 'takes the version from its right place', prove: carrier },
  { name: 'create', promise: 'tells that what is to be created exists', prove: createExisting },
  { name: 'delete', promise: 'deletes nothing that has changed', prove: deleteChanged },
  {
    name: 'gone',
    promise: 'brings nothing back that was deleted, or tells that the server did',
    prove: writeGone,
  },
  { name: 'permanent', promise: 'knows a refusal that will stay', prove: permanent },
  { name: 'blind', promise: 'reads first where a write names no version', prove: blind },
  { name: 'onward', promise: 'goes on from a success that names no version', prove: onward },
  { name: 'lost', promise: 'finds out what became of a write without an answer', prove: lostAnswer },
  {
    name: 'overtaken',
    promise: 'loses nothing where the answer is lost and another writes',
    prove: overtaken,
  },
  { name: 'probe', promise: 'tells that the server looks at the version', prove: protectedBy },
];

/** What became of a promise on a server. */
export type Result = { readonly name: Promised; readonly milliseconds: number } & (
  | { readonly kind: 'kept'; readonly seen: string; readonly once?: string | undefined }
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'broken'; readonly error: unknown }
);

/** Runs the contract against a server. Each promise gets a document of its own. */
export async function runContract(
  adapter: Adapter,
  url: URL,
  onResult: (result: Result) => void,
): Promise<readonly Result[]> {
  const proxy = await startProxy(url);
  const results: Result[] = [];
  try {
    for (const { name, prove } of promises) {
      const why = adapter.skips?.[name];
      const started = performance.now();
      const found =
        why === undefined
          ? await prove(sceneOf(adapter, url, proxy, `doc-${name}`)).then(
              (told) => {
                const [seen, once] = typeof told === 'string' ? [told] : told;
                return { kind: 'kept', seen, once } as const;
              },
              (error: unknown) => ({ kind: 'broken', error }) as const,
            )
          : ({ kind: 'skipped', why } as const);
      const result = { name, milliseconds: performance.now() - started, ...found };
      results.push(result);
      onResult(result);
    }
    return results;
  } finally {
    await proxy.stop();
  }
}

/** Runs the control against a server that protects nothing. */
export async function runControl(adapter: Adapter, url: URL): Promise<Control> {
  const proxy = await startProxy(url);
  try {
    return await control(sceneOf(adapter, url, proxy, 'doc-control'));
  } finally {
    await proxy.stop();
  }
}
