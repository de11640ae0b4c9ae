import { mergePatch } from './merge/patch-format.ts';
import type { RetryOptions } from './options.ts';

/** The defaults of a route, each with its reason. */
export const defaults = {
  // A POST may mean anything, so only a route that knows its meaning lists it.
  methods: ['PUT', 'PATCH', 'DELETE'],
  patches: [mergePatch()],
  // A caller deletes the state that it has seen, and no newer one (davx5#2739). A deleted resource isn't created again,
  // and an existing one isn't overwritten, unless the caller asks for it (pouchdb-upsert resurrects).
  onConflict: { edited: 'fail', gone: 'fail', exists: 'fail', changed: 'fail' },
  reverts: true,
  means: 'state',
  // PUT is the one method that means this wherever it is understood (RFC 9110 §9.3.4).
  replace: 'PUT',
  create: { method: 'PUT' },
  conflictStatuses: [409, 412, 428],
  goneStatuses: [404, 410],
  retry: {
    // With N writers at once each round lets one write through: five retries serve six writers. More writers are a hot
    // spot.
    limit: 5,
    // One or two round trips: a shorter delay collides more often, a longer one idles.
    delay: (retry: number) => 100 * 2 ** (retry - 1),
    // A longer wait costs more than the attempt that it avoids.
    backoffLimit: 2_000,
    // Without jitter, writers that collided once collide again (AWS, 'Exponential backoff and jitter').
    jitter: true,
    // A server may slow a write down, but not stop it: this is a third of `totalTimeout`.
    maxRetryAfter: 10_000,
  },
  // fetch has no timeout either.
  timeout: false,
  // A person still waits that long, and most gateways allow it.
  totalTimeout: 30_000,
  // Far above the size of any document that people edit, far below the size that hurts a process.
  maxBytes: 10 * 2 ** 20,
  parseJson: (text: string): unknown => JSON.parse(text),
  stringifyJson: (value: unknown): string => JSON.stringify(value),
} as const;

/** The retries of an update: how many, and the waits before them. */
export type UpdateRetries = RetryOptions & Required<Pick<RetryOptions, 'limit'>>;

/**
 * The bounds of an update. An update applies its recipe anew to each latest state, so no conflict can stop it: only its
 * time should. In a storm of N clients the requests grow little faster than N log N if the waits get as long as the
 * storm is (`npm run simulate -- storm`). With few writers such waits would be too long for the last one: so beyond
 * half a second no wait is longer than most of the time that the update has taken so far.
 */
export const updateRetries: UpdateRetries = {
  limit: 100,
  delay: (retry, elapsed) => Math.min(100 * 1.6 ** (retry - 1), Math.max(500, 0.7 * elapsed)),
  backoffLimit: 6_000,
};

/** The memory of a whole client: room for some hundred documents that people have open. */
export const defaultMemory = 4 * 2 ** 20;
