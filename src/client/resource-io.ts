import { formatVersion, type Version } from '../core/version.ts';
import { comparesStrongly } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import type { Overrides } from '../options.ts';
import { track, stateOf, type KnownState } from '../recovery/known-state.ts';
import { addressOf } from '../report.ts';
import type { Settings } from '../shell/request.ts';
import type { Content } from '../shell/representation.ts';
import type { Work } from '../shell/tabs.ts';
import { unreadCodeOf } from './ky-response.ts';
import { lineFor } from './update-session.ts';
import type { Once } from './single-write.ts';
import { readState, redirect, type State, type Target } from './read-state.ts';
import type { Line } from './request-sender.ts';
import { sendWrite } from './write.ts';

/** The access of a queue to its resource. */
export interface Reach {
  readonly url: URL;
  /** Does some work when it is this tab's turn, and tells it whether other tabs had their turn just before. */
  readonly inTurn: <Value>(signal: AbortSignal, work: Work<Value>) => Promise<Value>;
  readonly read: (signal: AbortSignal) => Promise<State>;
  /**
   * Writes a state that was made of `of`, under the version of `of`. Returns the state that the write left, if it is known.
   */
  readonly write: (
    content: Content,
    of: KnownState,
    way: Way,
    signal: AbortSignal,
  ) => Promise<Partial<State> & Pick<State, 'result'>>;
  /** Whether a state has a version that this client knows to be past, and that compares strongly: then a replica lags. */
  readonly isPast: (known: KnownState) => boolean;
  /** The number of times that a write may be sent again. */
  readonly limit: number;
  /** Takes the cost of one more write from the budget; `false` if there isn't enough. */
  readonly afford: () => boolean;
}

/** The way in which the write of a batch is made. */
interface Way extends Omit<Once, 'isPast'> {
  /** The overrides of its caller, for this write and for a person's answer to it. */
  readonly bounds: Overrides;
}

/** Makes the access of a queue to its resource. */
export function reachOf(target: Target, headers: HeadersInit, settings: Settings, line: Line): Reach {
  const { site, route, url, updates } = target;
  const { tabs, versions } = site;
  const how = { ...settings, headers, redirect } as const;
  const isPast = (version: Version): boolean =>
    comparesStrongly(route.version, version) && versions.isPast(url, formatVersion(version));
  return {
    url,
    inTurn: (signal, work) =>
      tabs ? tabs.inTurn(addressOf(url), signal, work, route.totalTimeout) : work(false),
    async read(signal) {
      try {
        // The server would refuse a write on a cached state. With 'no-cache' a browser also makes a read wait for the
        // read of another tab.
        const state = await readState(target, { cache: 'no-store', ...how, signal, line });
        versions.read(url.href, state.result.version);
        // A hook has renewed the token, maybe by a request of its own: the user who is signed in now has read.
        if (line.isRefused && !site.world.isScoped)
          Object.assign(line, await lineFor(target, headers, signal), { isRefused: false });
        return state;
      } catch (error) {
        const code = unreadCodeOf(error, url);
        throw code ? stopped('GET', url, code, undefined, error) : error;
      }
    },
    async write(content, of, { bounds, overrides, onEnd }, signal) {
      const own = { ...updates, ...bounds, ...how, base: track({}, of), signal, line: { ...line } };
      // Each update has a deadline of its own. A resource that is gone stays gone, and a recipe asks no person.
      const all = { ...overrides, totalTimeout: false, onConflict: 'fail', onGone: 'fail' } as const;
      const type = { 'content-type': of.type };
      const once = { overrides: all, onEnd, isPast };
      const result = await sendWrite({ ...target, once }, route.writeBy, content, type, own);
      versions.written(url, result.version);
      const known = stateOf(result);
      return { ...(known && { known }), result };
    },
    isPast: ({ version }) => version !== undefined && !('code' in version) && isPast(version),
    limit: updates.limit ?? route.limit,
    afford: () =>
      site.world.budget === undefined || site.world.budget.take(url.origin, 'conflict') !== undefined,
  };
}
