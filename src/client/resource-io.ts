import { formatVersion, type Version } from '../core/version.ts';
import { comparesStrongly } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import type { Overrides } from '../options.ts';
import { track, stateOf, type KnownState } from '../recovery/known-state.ts';
import { addressOf } from '../report.ts';
import { retriesOf } from '../route.ts';
import type { Settings } from '../shell/request.ts';
import type { Content } from '../shell/representation.ts';
import type { Work } from '../shell/tabs.ts';
import { readFailureCode } from './ky-response.ts';
import { startSession } from './update-session.ts';
import type { SingleWriteOptions } from './single-write.ts';
import { readState, redirect, type ResourceState, type ResourceTarget } from './read-state.ts';
import type { Session } from './request-sender.ts';
import { sendWrite } from './write.ts';
import { replacementFor } from './write-arguments.ts';
import type { HeadersInput } from '../shell/kept-headers.ts';

/** The access of a queue to its resource. */
export interface ResourceIo {
  readonly url: URL;
  /** Does some work under the lock of this tab, and tells the work whether other tabs held the lock just before. */
  readonly withLock: <Value>(signal: AbortSignal, work: Work<Value>) => Promise<Value>;
  readonly read: (signal: AbortSignal) => Promise<ResourceState>;
  /**
   * Writes a state that was made of `of`, under the version of `of`. Returns the state after the write, if it is known.
   */
  readonly write: (
    content: Content,
    of: KnownState,
    way: BatchWriteOptions,
    signal: AbortSignal,
  ) => Promise<Partial<ResourceState> & Pick<ResourceState, 'result'>>;
  /** Whether a state has a version that this client knows to be past, and that compares strongly: then a replica lags. */
  readonly isPast: (known: KnownState) => boolean;
  /** The number of times that a write may be sent again. */
  readonly limit: number;
  /** Takes the cost of one more write from the budget; `false` if there isn't enough. */
  readonly spend: () => boolean;
}

/** The options of the write of a batch. */
interface BatchWriteOptions extends Omit<SingleWriteOptions, 'isPast'> {
  /** The overrides of its caller, for this write and for a person's answer to it. */
  readonly bounds: Overrides;
}

/** Makes the access of a queue to its resource. */
export function createResourceIo(
  target: ResourceTarget,
  headers: HeadersInput,
  settings: Settings,
  session: Session,
): ResourceIo {
  const { client, route, url, updates } = target;
  const { tabs, versions } = client;
  const settingsOfAll = { ...settings, headers, redirect } as const;
  const isPast = (version: Version): boolean =>
    comparesStrongly(route.version, version) && versions.isPast(url, formatVersion(version));
  return {
    url,
    withLock: (signal, work) =>
      tabs ? tabs.withLock(addressOf(url), signal, work, route.totalTimeout) : work(false),
    async read(signal) {
      try {
        // The server would refuse a write on a cached state. With 'no-cache' a browser also makes a read wait for the
        // read of another tab.
        const state = await readState(target, { cache: 'no-store', ...settingsOfAll, signal, session });
        versions.read(url.href, state.result.version);
        // A hook has renewed the token, maybe by a request of its own: the user who is signed in now has read.
        if (session.isUnauthorized && !client.shared.isScoped)
          Object.assign(session, await startSession(target, headers, signal), { isUnauthorized: false });
        return state;
      } catch (error) {
        const code = readFailureCode(error, url, route);
        throw code ? stopped('GET', url, code, undefined, error) : error;
      }
    },
    async write(content, of, { bounds, overrides, onEnd, onPending }, signal) {
      const own = {
        ...settingsOfAll,
        base: track({}, of),
        signal,
        session: { ...session },
        recovery: { ...bounds, retry: { ...updates, ...retriesOf(bounds) } },
      };
      // Each update has a deadline of its own. A resource that is gone stays gone, and a recipe asks no person.
      const all = {
        ...overrides,
        totalTimeout: false,
        onConflict: { edited: 'fail', gone: 'fail' },
      } as const;
      const singleWrite = { overrides: all, onEnd, onPending, isPast };
      const to = replacementFor({ ...target, singleWrite }, content, route.writes ?? of.type, own);
      const type = { 'content-type': to.type };
      const result = await sendWrite(to.target, route.replace, to.content, type, own);
      versions.written(url, result);
      const known = stateOf(result);
      return { ...(known && { known }), result };
    },
    isPast: ({ version }) => version !== undefined && !('code' in version) && isPast(version),
    limit: updates.limit,
    spend: () =>
      client.shared.budget === undefined || client.shared.budget.take(url.origin, 'conflict') !== undefined,
  };
}
