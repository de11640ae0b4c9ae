import { isVisible } from '../wrap.ts';
import { call } from './call.ts';
import type { Target } from './read-state.ts';
import type { Line } from './request-sender.ts';

/**
 * Finds out for which user an update is, by the headers that a request of the update would have now: those of the
 * client and the call, of the client's header function, and of its hooks, which run for this once. Nothing is sent.
 * `who` is `undefined` if the headers don't show the user: behind a fetch of the user's own, or if a hook answers by
 * itself. Then nothing is shared.
 */
export async function lineFor(
  { site, route, url }: Target,
  own: HeadersInit,
  signal: AbortSignal | undefined,
): Promise<Line> {
  const { defaults, world, headers: make } = site;
  const made = make && (await make({ method: route.writeBy, url: new URL(url) }));
  const line: Line = { made };
  if (!isVisible(defaults.fetch ?? globalThis.fetch, world)) return line;
  const { init, beforeRequest } = defaults.hooks ?? {};
  if (init?.length || beforeRequest?.length) {
    const options = { headers: own, ...(signal && { signal }), hooks: {}, retry: 0 };
    const onHeaders = (headers: Iterable<[string, string]>): void => {
      line.who = world.whose(new Headers([...headers]));
    };
    await call(site, 'GET', url, options, { line, onHeaders });
  } else {
    const all = [made, defaults.headers as HeadersInit, own].flatMap((some) => [...new Headers(some)]);
    line.who = world.whose(new Headers(all));
  }
  return line;
}
