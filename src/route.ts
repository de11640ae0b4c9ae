import { compilePattern, splitPattern, stemOf } from './core/pattern.ts';
import { demandCalled } from './core/resolution.ts';
import { etag, type ReadableCarrier, type Version } from './core/version.ts';
import { versionRule, type VersionRule } from './core/version-rule.ts';
import type { WriteIdPlace } from './core/write-id-option.ts';
import type { WriteLog } from './core/write-log.ts';
import { mergePatch, type PatchFormat } from './merge/patch-format.ts';
import type { OnConflict, Overrides, RetryOptions, RouteOptions } from './options.ts';
import type { Recovery } from './report.ts';
import { defaults, updateRetries, type UpdateRetries } from './defaults.ts';
import type { Creation, Server } from './server.ts';
import { missListener } from './shell/missed-routes.ts';
import type { Content, Json } from './shell/representation.ts';
import type { KeyHeader } from './shell/transport.ts';

/**
 * The URLs that a route is for: a path pattern, at any origin or, as an absolute URL, at one; a `URLPattern`; or a test
 * of the URL.
 */
export type RoutePath =
  | string
  // TypeScript 5.6 doesn't know `URLPattern` by name.
  | { readonly test: (url: string) => boolean }
  | ((url: URL) => boolean);

/** One endpoint: its path and its options. Made by `defineRoute`. */
export interface RouteDefinition {
  readonly path: RoutePath;
  readonly options: RouteOptions;
}

/** Defines a single route, to be listed in `routes`. The type of its value comes from its schema or its merge. */
export function defineRoute<Value>(path: RoutePath, options: RouteOptions<Value>): RouteDefinition {
  // A list holds routes of many types, and each route gets only its own values.
  return { path, options: options as unknown as RouteOptions };
}

/** Returns the retries of an update, by the options of the route and those for all routes. */
export function updatesBy(own: RouteOptions, shared: RouteOptions): UpdateRetries {
  return { ...updateRetries, ...retriesOf(shared), ...retriesOf(own) };
}

/** A route with every default filled in. What its server is like stands beside its own options. */
export interface Route
  extends
    Json,
    Pick<Server, 'readFrom' | 'unwrap' | 'classify' | 'readOnly' | 'writeOnly' | 'annotations' | 'accepted'>,
    Pick<Server, 'writes'>,
    Pick<RouteOptions, 'schema'>,
    Required<
      Pick<RouteOptions, 'merge' | 'methods' | 'timeout' | 'totalTimeout' | 'maxBytes'> &
        Pick<Server, 'conflictStatuses' | 'goneStatuses' | 'patches' | 'means' | 'reverts' | 'replace'>
    > {
  readonly onConflict: Required<OnConflict>;
  readonly retry: Required<RetryOptions>;
  readonly create: Creation & Required<Pick<Creation, 'method'>>;
  readonly version: VersionRule;
  /** The place for the id of a write in the resource, or in a header. */
  readonly writeId?: ReadableCarrier | WriteLog | undefined;
  /** The header by whose value the server knows a write again, if each write gets one. */
  readonly keyHeader?: KeyHeader | undefined;
  /** Whether a DELETE that finds nothing is a success at its first send, too, as it is for `delete` of a handle. */
  readonly isGoneFine?: boolean;
  /** How the body of a PUT or POST is understood that names only what it changes. Default: it is the whole state. */
  readonly part?: PatchFormat | undefined;
  /** The whole state that a write of a handle makes, if its body holds only the difference. */
  readonly state?: Content;
  readonly path: RoutePath;
  readonly matches: (url: URL) => boolean;
  /** The beginning that all matching paths share. */
  readonly stem: string;
  /**
   * Set for the write of several updates: the route of a person's answer, and the callback that hears of the write's
   * end instead of the listener.
   */
  readonly batch?: {
    readonly own: Route;
    readonly onEnd: (write: { readonly report: Recovery }) => void;
    /** Hears that the write has begun an operation, and when that is over. */
    readonly onPending: (operation: Promise<unknown>) => void;
    /** Whether the client knows a version to be past. A merged state that equals such a remote is written all the same. */
    readonly isPast: (version: Version) => boolean;
  };
}

/**
 * Fills in a route: its own options first, then those for all routes, then the defaults. Kinds of conflicts and the parts
 * of `retry` are chosen one by one; a server is one value, and replaces the other.
 *
 * @param json How a client reads and writes JSON, unless the server of the route says otherwise.
 */
export function compileRoute(
  path: RoutePath,
  own: RouteOptions,
  shared: RouteOptions,
  json?: Pick<Server, 'parseJson' | 'stringifyJson'>,
): Route {
  const { server = {}, merge, ...options } = { ...given(shared), ...given(own) };
  const facts = given(server);
  const name = typeof path === 'string' ? `Route '${path}'` : 'A route';
  if (!merge) throw new TypeError(`${name} has no merge. Give it one, or one for all routes.`);
  demandCalled(merge, name);
  const places: readonly WriteIdPlace[] = [options.writeId ?? facts.writeId ?? []].flat();
  return {
    ...defaults,
    ...json,
    ...facts,
    ...options,
    ...placeOf(path),
    path,
    merge,
    onConflict: { ...defaults.onConflict, ...given(shared.onConflict), ...given(own.onConflict) },
    retry: { ...defaults.retry, ...retriesOf(shared), ...retriesOf(own) },
    create: { ...defaults.create, ...given(facts.create) },
    part: facts.means === 'part' ? mergePatch({ null: 'value', shallow: true }) : undefined,
    version: versionRule(options.version ?? facts.version ?? etag()),
    readOnly: [...(facts.readOnly ?? []), ...(options.readOnly ?? [])],
    writeId: places.find((place) => place.in !== 'key'),
    keyHeader: places.some((place) => place.in === 'key')
      ? 'idempotency-key'
      : facts.accepted?.operationId
        ? 'operation-id'
        : undefined,
  };
}

/** Returns a route with the overrides of one write. Most writes have none. */
export function overrideRoute(route: Route, overrides: Overrides | undefined): Route {
  if (!overrides) return route;
  const own = given(overrides);
  if (Object.keys(own).length === 0) return route;
  demandCalled(own.merge, 'A write');
  return {
    ...route,
    ...own,
    onConflict: own.onConflict ? { ...route.onConflict, ...given(own.onConflict) } : route.onConflict,
    retry: own.retry === undefined ? route.retry : { ...route.retry, ...retriesOf(own) },
  };
}

/** Returns the parts of `retry` that are given. */
export function retriesOf({ retry }: Pick<RouteOptions, 'retry'>): RetryOptions {
  return given(typeof retry === 'number' ? { limit: retry } : retry);
}

/** Returns the options that aren't `undefined`: an option that is `undefined` counts as left out. */
export function given<Options extends object>(
  options?: Options,
): { [Name in keyof Options]?: NonNullable<Options[Name]> } {
  return Object.fromEntries(
    Object.entries(options ?? {}).filter(([, value]) => value !== undefined),
  ) as never;
}

function placeOf(path: RoutePath): Pick<Route, 'stem' | 'matches'> {
  if (typeof path === 'function') return { stem: '', matches: path };
  if (typeof path !== 'string') return { stem: '', matches: (url) => path.test(url.href) };
  const { origin, pattern } = splitPattern(path);
  const only = origin === undefined ? undefined : new URL(origin).origin;
  const test = compilePattern(pattern);
  return {
    stem: stemOf(pattern),
    matches: (url) => (only === undefined || url.origin === only) && test(url.pathname),
  };
}

/** Finds the route of a URL: for writes of a method, or for any. */
export type RouteFinder = (url: URL, method?: string) => Route | undefined;

/**
 * Makes the finder for the routes of one client. The first route that matches wins. Routes are grouped by stem, so that
 * a write doesn't pay for the number of routes.
 */
export function routeFinder(routes: readonly Route[]): RouteFinder {
  const byStem = Map.groupBy(routes.entries(), ([, { stem }]) => stem);
  const onWrite = missListener(routes);

  return (url, method) => {
    const { pathname } = url;
    let first: readonly [index: number, route?: Route] = [Infinity];
    const look = (stem: string): void => {
      const found = byStem
        .get(stem)
        ?.find(([, route]) => (method === undefined || route.methods.includes(method)) && route.matches(url));
      if (found && found[0] < first[0]) first = found;
    };
    let stem = '';
    for (const segment of pathname.split('/')) {
      look(stem);
      stem += `${segment}/`;
    }
    look(pathname);
    const [, found] = first;
    if (method !== undefined) onWrite?.(url, method, found);
    return found;
  };
}
