import type { Client, ClientOptions } from './client/client.ts';
import { create } from './client/create.ts';
import type { LazyRecovery } from './loader.ts';
import { loadedBy } from './recovery/late.ts';
import { wrapFetch, type RecoveringFetch, type RecoveryOptions } from './wrap.ts';

/**
 * Wraps a `fetch` as `withConflictRecovery` of `remerge` does, without the code that recovers writes: that code is
 * loaded beside the first write. Only a write that needs the code waits for it, within the write's own time. If the
 * code can't be loaded, the server's answer stands (`recovery-unavailable`), a lost answer is `outcome-unknown`, and
 * the next write tries to load the code again.
 *
 * @param fetch The `fetch` to wrap.
 * @throws {TypeError} for an option that is wrong, in Node and in development builds.
 *
 * @example
 * const recovering = withConflictRecovery(fetch, {
 *   recovery: () => import('remerge/recovery'),
 *   routes: { 'notes/:id': { version: etag(), merge } },
 * });
 */
export function withConflictRecovery<
  Values extends Record<string, unknown> = Record<string, unknown>,
  Value = unknown,
>(
  fetch: typeof globalThis.fetch,
  { recovery, ...options }: RecoveryOptions<Values, Value> & LazyRecovery,
): RecoveringFetch {
  return wrapFetch(fetch, options as RecoveryOptions<never>, loadedBy(recovery));
}

/**
 * Makes a client as `createClient` of `remerge` does, without the code that recovers writes: that code is loaded as in
 * `withConflictRecovery` of this entry.
 *
 * @throws {TypeError} for an option that is wrong, in Node and in development builds.
 */
export function createClient<Values extends object = object>({
  recovery,
  ...options
}: ClientOptions<Values> & LazyRecovery): Client<Values> {
  return create(options as ClientOptions<Values>, loadedBy(recovery));
}
