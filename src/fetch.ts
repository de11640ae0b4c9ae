import { recover } from './recover.ts';
import { wrapFetch, type RecoveringFetch, type RecoveryOptions } from './wrap.ts';

/**
 * Wraps a `fetch` so that its writes recover from conflicts. If the server refuses a write because the resource has
 * changed (409, 412), the write is merged onto the latest representation and sent again, within bounds.
 *
 * The wrapped fetch has fetch's own type and behaviour. Safe methods and URLs without a route go straight through. A
 * write that can't be recovered resolves to the server's own answer, and `recoveryOf(response)` returns its report. A
 * write rejects with the reason of the signal, with what the merge throws, with fetch's own error if nothing could be
 * sent, and with a `RecoveryError` if there is no answer to return: `outcome-unknown` or `timeout` for a send that got
 * none, `merge-error`, or a `base` whose version can't be sent.
 *
 * @param fetch The `fetch` to wrap: the platform's, or any other of its type.
 * @throws {TypeError} for an option that is wrong, in Node and in development builds.
 *
 * @example
 * const merge = ({ local, remote }: Sides<Note>) => ({ ...remote, title: local.title });
 * const recovering = withConflictRecovery(fetch, { routes: { 'notes/:id': { version: etag(), merge } } });
 */
export function withConflictRecovery<
  Values extends Record<string, unknown> = Record<string, unknown>,
  Value = unknown,
>(fetch: typeof globalThis.fetch, options: RecoveryOptions<Values, Value>): RecoveringFetch {
  return wrapFetch(fetch, options as RecoveryOptions<never>, { recover });
}
