import { keepLocal, withConflictRecovery } from 'remerge';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, url } from '../support/write.ts';

const merge = keepLocal();

/** A signal of a library that brings its own, for a fetch that takes such. */
class OtherSignal extends EventTarget {
  aborted = false;
  reason: unknown = undefined;
  listeners = 0;

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners += 1;
    super.addEventListener(...args);
  }

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new Event('abort'));
  }
}

function given(signal: OtherSignal): { readonly signal: AbortSignal } {
  return { signal: signal as unknown as AbortSignal };
}

describe('a signal of another library', () => {
  it('leaves a write to recover', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const recovering = withConflictRecovery(origin.fetch, { defaults: { merge } });
    await recovering(url, put({ n: 3 }, '"v1"', given(new OtherSignal())));
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('ends a write with its reason', async () => {
    const signal = new OtherSignal();
    const reason = new Error('The user has left.');
    const silent = (): Promise<Response> => {
      signal.abort(reason);
      return new Promise(() => undefined);
    };
    const recovering = withConflictRecovery(silent, { defaults: { merge } });
    expect(await rejectionOf(recovering(url, put({ n: 3 }, '"v1"', given(signal))))).toBe(reason);
    expect(await rejectionOf(recovering(url, put({ n: 3 }, '"v1"', given(signal))))).toBe(reason);
  });

  it('is listened to once, however many writes it is for', async () => {
    const signal = new OtherSignal();
    const recovering = withConflictRecovery(new Origin({ n: 1 }).fetch, { defaults: { merge } });
    for (const version of [1, 2, 3]) await recovering(url, put({ n: 0 }, `"v${version}"`, given(signal)));
    expect(signal.listeners).toBe(1);
  });
});

describe('the time of a body that is read after a write', () => {
  it('is kept by the signal that fetch was given, though nobody else holds the caller’s', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const held: unknown[] = [];
    const recovering = withConflictRecovery(
      (_, init) => {
        held.push(init?.signal);
        return Promise.resolve(new Response('{}'));
      },
      { defaults: { merge } },
    );
    const write = async (): Promise<WeakRef<AbortSignal>> => {
      const signal = AbortSignal.timeout(600_000);
      await recovering(url, put({ n: 3 }, '"v1"', { signal }));
      return new WeakRef(signal);
    };
    const signal = await write();
    // A WeakRef holds what it refers to until the turn is over.
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    expect(held).toHaveLength(1);
    expect(signal.deref()).toBeDefined();
    held.length = 0;
    for (let turn = 0; turn < 5 && signal.deref(); turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    expect(signal.deref()).toBeUndefined();
  });
});
