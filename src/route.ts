import type { Backoff } from './core/backoff.ts';
import { compilePattern, stemOf } from './core/pattern.ts';
import { demandCalled } from './core/resolution.ts';
import { etag, type Version } from './core/version.ts';
import { versionRule, type VersionRule } from './core/version-rule.ts';
import { mergePatch } from './merge/patch-format.ts';
import type { Overrides, RouteOptions } from './options.ts';
import type { Recovery } from './report.ts';
import type { Json } from './shell/representation.ts';

/** Which URLs a route is for: a path pattern, a `URLPattern`, or a test of the URL. */
export type RoutePath =
  | string
  // The name alone would be unknown to a program in TypeScript 5.6.
  | { readonly test: (url: string) => boolean }
  | ((url: URL) => boolean);

/** One endpoint: its path, and all that is known of it. Made by `defineRoute`. */
export interface RouteDefinition {
  readonly path: RoutePath;
  readonly options: RouteOptions;
}

/** Defines a route by itself, to be listed in `routes`. Its value's type comes from its schema or its merge. */
export function defineRoute<Value>(path: RoutePath, options: RouteOptions<Value>): RouteDefinition {
  // A list holds routes of many types, and each is only ever given its own values.
  return { path, options: options as unknown as RouteOptions };
}

/** The defaults, and why. */
const defaults = {
  // A POST may mean anything; a route that knows better names it.
  methods: ['PUT', 'PATCH', 'DELETE'],
  patches: [mergePatch()],
  // Whoever deletes has seen what is deleted (davx5#2739). Nobody gets back what another has deleted, nor writes over
  // what another has made, without having asked for it (pouchdb-upsert resurrects).
  onStaleDelete: 'fail',
  onGone: 'fail',
  onExists: 'fail',
  onConflict: 'fail',
  reverts: true,
  means: 'state',
  createBy: 'PUT',
  // The one method that means this, wherever it is understood (RFC 9110 §9.3.4).
  writeBy: 'PUT',
  // A server that doesn't know the header ignores it, and then it promises nothing.
  idempotencyKey: false,
  statusCodes: [409, 412, 428],
  // With N writers at once each round lets one through: five retries serve six of them, more is a hot spot.
  limit: 5,
  // As fetch has it.
  timeout: false,
  // What a person still waits for, and what most gateways allow.
  totalTimeout: 30_000,
  // A round trip or two: less collides again, more idles.
  delay: (retry: number) => 100 * 2 ** (retry - 1),
  // Beyond this a wait costs more than the attempt it avoids.
  backoffLimit: 2_000,
  // Without it, writers that collided once collide again (AWS, 'Exponential backoff and jitter').
  jitter: true,
  // A server may slow us down, but not stop us: a third of the whole time.
  maxRetryAfter: 10_000,
  // Far above any document that people edit, far below what hurts a process.
  maxBytes: 10 * 2 ** 20,
  parseJson: (text: string): unknown => JSON.parse(text),
  stringifyJson: (value: unknown): string => JSON.stringify(value),
} as const satisfies Partial<RouteOptions>;

/**
 * An update makes its change anew on each latest state, so no conflict can stop it: only its time should. In a storm of N
 * clients its requests grow little faster than N log N if waits get as long as the storm is (`npm run simulate -- storm`).
 * Where only a few write, the last of them would sleep on: so beyond half a second no wait is longer than most of what it has taken so far.
 */
const updates = {
  limit: 100,
  delay: (retry: number, elapsed: number) => Math.min(100 * 1.6 ** (retry - 1), Math.max(500, 0.7 * elapsed)),
  backoffLimit: 6_000,
};

/** What an update does otherwise than other writes of its route, by the options of the route and those for all routes. */
export function updatesBy(own: RouteOptions, shared: RouteOptions): Overrides {
  const { limit, delay, backoffLimit } = { ...updates, ...given(shared), ...given(own) };
  return { limit, delay, backoffLimit };
}

/** Of a whole client: room for some hundred documents that people have open. */
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
  /** Whether a DELETE that finds nothing is a success at its first send, too: of a handle's `remove` it is. */
  readonly isGoneFine?: boolean;
  readonly matches: (url: URL) => boolean;
  /** What every path that matches begins with. */
  readonly stem: string;
  readonly version: VersionRule;
  /** With the write of several updates: the route of a person's answer, and who hears of its end instead of the listener. */
  readonly shared?: {
    readonly own: Route;
    readonly onEnd: (write: { readonly report: Recovery }) => void;
    /** Whether the client knows a version to be past: then that there is nothing to write to it says nothing. */
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

/** A route as one write wants it: mostly just as it is. */
export function overrideRoute(route: Route, overrides: Overrides | undefined): Route {
  if (!overrides) return route;
  const own = given(overrides);
  demandCalled(own.merge, 'A write');
  return Object.keys(own).length > 0 ? { ...route, ...own } : route;
}

/** Options that were spelt out as `undefined` count as left out. */
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

/** The routes of one client. The first that matches wins. How many there are costs a write nothing. */
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
