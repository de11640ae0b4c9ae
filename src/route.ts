import type { Backoff } from './core/backoff.ts';
import { compilePattern, stemOf } from './core/pattern.ts';
import { demandCalled } from './core/resolution.ts';
import { etag, type Version } from './core/version.ts';
import { versionRule, type VersionRule } from './core/version-rule.ts';
import { mergePatch } from './merge/patch-format.ts';
import type { Overrides, RouteOptions } from './options.ts';
import type { Recovery } from './report.ts';
import type { Json } from './shell/representation.ts';

/** The URLs that a route is for: a path pattern, a `URLPattern`, or a test of the URL. */
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

/** The defaults, each with its reason. */
const defaults = {
  // A POST may mean anything, so only a route that knows its meaning lists it.
  methods: ['PUT', 'PATCH', 'DELETE'],
  patches: [mergePatch()],
  // A caller deletes the state that it has seen, and no newer one (davx5#2739). A deleted resource isn't created again,
  // and an existing one isn't overwritten, unless the caller asks for it (pouchdb-upsert resurrects).
  onStaleDelete: 'fail',
  onGone: 'fail',
  onExists: 'fail',
  onConflict: 'fail',
  reverts: true,
  means: 'state',
  createBy: 'PUT',
  // PUT is the one method that means this wherever it is understood (RFC 9110 §9.3.4).
  writeBy: 'PUT',
  // A server that doesn't know the header ignores it: then a second request is executed, too.
  idempotencyKey: false,
  statusCodes: [409, 412, 428],
  // With N writers at once each round lets one write through: five retries serve six writers. More writers are a hot spot.
  limit: 5,
  // fetch has no timeout either.
  timeout: false,
  // A person still waits that long, and most gateways allow it.
  totalTimeout: 30_000,
  // One or two round trips: a shorter delay collides more often, a longer one idles.
  delay: (retry: number) => 100 * 2 ** (retry - 1),
  // A longer wait costs more than the attempt that it avoids.
  backoffLimit: 2_000,
  // Without jitter, writers that collided once collide again (AWS, 'Exponential backoff and jitter').
  jitter: true,
  // A server may slow a write down, but not stop it: this is a third of `totalTimeout`.
  maxRetryAfter: 10_000,
  // Far above the size of any document that people edit, far below the size that hurts a process.
  maxBytes: 10 * 2 ** 20,
  parseJson: (text: string): unknown => JSON.parse(text),
  stringifyJson: (value: unknown): string => JSON.stringify(value),
} as const satisfies Partial<RouteOptions>;

/**
 * The bounds of an update. An update applies its recipe anew to each latest state, so no conflict can stop it: only its
 * time should. In a storm of N clients the requests grow little faster than N log N if the waits get as long as the
 * storm is (`npm run simulate -- storm`). With few writers such waits would be too long for the last one: so beyond
 * half a second no wait is longer than most of the time that the update has taken so far.
 */
const updates = {
  limit: 100,
  delay: (retry: number, elapsed: number) => Math.min(100 * 1.6 ** (retry - 1), Math.max(500, 0.7 * elapsed)),
  backoffLimit: 6_000,
};

/** Returns the bounds of an update, by the options of the route and those for all routes. */
export function updatesBy(own: RouteOptions, shared: RouteOptions): Overrides {
  const { limit, delay, backoffLimit } = { ...updates, ...given(shared), ...given(own) };
  return { limit, delay, backoffLimit };
}

/** The memory of a whole client: room for some hundred documents that people have open. */
export const defaultMemory = 4 * 2 ** 20;

/** A route with every default filled in. */
export interface Route
  extends
    Backoff,
    Json,
    Pick<
      RouteOptions,
      | 'conflict'
      | 'remoteInConflict'
      | 'readFrom'
      | 'schema'
      | 'locate'
      | 'idempotent'
      | 'writeId'
      | 'createAt'
      | 'stateIn'
      | 'compared'
      | 'token'
    >,
    Required<Pick<RouteOptions, 'merge' | keyof typeof defaults>> {
  /** Whether a DELETE that finds nothing is a success at its first send, too, as it is for `remove` of a handle. */
  readonly isGoneFine?: boolean;
  readonly matches: (url: URL) => boolean;
  /** The beginning that all matching paths share. */
  readonly stem: string;
  readonly version: VersionRule;
  /**
   * Set for the write of several updates: the route of a person's answer, and the callback that hears of the write's
   * end instead of the listener.
   */
  readonly shared?: {
    readonly own: Route;
    readonly onEnd: (write: { readonly report: Recovery }) => void;
    /** Whether the client knows a version to be past. A merged state that equals such a remote is written all the same. */
    readonly isPast: (version: Version) => boolean;
  };
}

/** Fills in a route: its own options first, then those for all routes, then the defaults. */
export function compileRoute(path: RoutePath, own: RouteOptions, shared: RouteOptions): Route {
  const options = { ...defaults, ...given(shared), ...given(own) };
  const { merge, origin } = options;
  const name = typeof path === 'string' ? `Route '${path}'` : 'A route';
  if (!merge) throw new TypeError(`${name} has no merge. Give it one, or one for all routes.`);
  demandCalled(merge, name);
  const onPath = testPath(path);
  return {
    ...options,
    merge,
    stem: typeof path === 'string' ? stemOf(path) : '',
    matches: (url) => (origin === undefined || url.origin === origin) && onPath(url),
    version: versionRule(options.version ?? etag()),
  };
}

/** Returns a route with the overrides of one write. Most writes have none. */
export function overrideRoute(route: Route, overrides: Overrides | undefined): Route {
  if (!overrides) return route;
  const own = given(overrides);
  demandCalled(own.merge, 'A write');
  return Object.keys(own).length > 0 ? { ...route, ...own } : route;
}

/** Returns the options that aren't `undefined`: an option that is `undefined` counts as left out. */
function given<Options extends object>(
  options: Options,
): { [Name in keyof Options]?: NonNullable<Options[Name]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function testPath(path: RoutePath): (url: URL) => boolean {
  if (typeof path === 'function') return path;
  if (typeof path === 'string') {
    const test = compilePattern(path);
    return (url) => test(url.pathname);
  }
  return (url) => path.test(url.href);
}

/** Finds the route of a URL: for writes of a method, or for any. */
export type RouteFinder = (url: URL, method?: string) => Route | undefined;

/**
 * Makes the finder for the routes of one client. The first route that matches wins. Routes are grouped by stem, so that
 * a write doesn't pay for the number of routes.
 */
export function routeFinder(routes: readonly Route[]): RouteFinder {
  const byStem = Map.groupBy(routes.entries(), ([, { stem }]) => stem);

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
    return first[1];
  };
}
