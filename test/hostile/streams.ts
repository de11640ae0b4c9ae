import type { VirtualClock } from '../support/clock.ts';

/** A body that a server never ends, and what became of it. */
export interface Flow {
  readonly body: ReadableStream<Uint8Array>;
  /** Whether the reader has let go of it. */
  isCancelled: boolean;
  /** How many bytes were taken. */
  taken: number;
}

function flow(next: () => Promise<Uint8Array>, onCancel = (): void => undefined): Flow {
  const state = {
    isCancelled: false,
    taken: 0,
    body: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const chunk = await next();
          if (state.isCancelled) return;
          state.taken += chunk.byteLength;
          controller.enqueue(chunk);
        },
        cancel() {
          state.isCancelled = true;
          onCancel();
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return state;
}

/** A body without end, as fast as it is read. */
export function endless(): Flow {
  return flow(() => Promise.resolve(new Uint8Array(64 * 1024).fill(0x20)));
}

/** A body that comes at a byte a second, for ever. */
export function slow(clock: VirtualClock): Flow {
  let stop = (): void => undefined;
  const next = (): Promise<Uint8Array> =>
    new Promise((resolve) => {
      stop = clock.after(1000, () => resolve(Uint8Array.of(0x20)));
    });
  return flow(next, () => stop());
}

/** JSON text of so many arrays inside each other. */
export function nested(depth = 100_000): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
