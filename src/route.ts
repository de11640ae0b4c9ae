import type { Backoff } from './core/backoff.ts';
import type { Verdict } from './core/outcome.ts';
import { compilePattern } from './core/pattern.ts';
import type { Decision, Sides } from './core/resolution.ts';
import { etag, versionRule, type VersionOption, type VersionRule } from './core/version.ts';
import { mergePatch, type PatchFormat } from './merge/patch-format.ts';
import type { Json } from './shell/representation.ts';
import type { Schema } from './shell/schema.ts';

/** What a merge is given: three states, each a copy of its own, and the circumstances. */
export interface MergeContext<Value = unknown> extends Sides<Value> {
  /** The send of the write that comes next, counted from 1: the first recovery sees 2. */
  readonly attempt: number;
  /** `stale`: the server refused the write's version. `precondition-required`: it wants one, the write had none. */
  readonly reason: 'stale' | 'precondition-required';
  /** Aborts when the caller's signal does, or when `totalTimeout` is over. */
  readonly signal: AbortSignal;
}

/**
 * Merges the caller's change onto what the server has. Returns the value to write, `keepRemote()`, `giveUp(reason)`,
 * or another strategy that is to decide. May be async. What it throws reaches the caller of the write unchanged, and
 * nothing is written; so it is with a forgotten `return`.
 */
export type Merge<Value = unknown> = (
  context: MergeContext<Value>,
  // The schema says the type, and a merge must keep to it.
) => Decision<NoInfer<Value>> | Promise<Decision<NoInfer<Value>>>;

/** What a route can be told. Any of it may also stand beside `routes`, as the default for all of them. */
export interface RouteOptions<Value = unknown> {
  /** How base, local and remote become one value. Every route needs one, its own or the default. */
  readonly merge?: Merge<Value>;
  /** Where the version is read and written. Default: `etag()`. */
  readonly version?: VersionOption;
  /**
   * Which writes recover. The body of a PUT or POST counts as the whole new state, that of a PATCH as one of `patches`.
   * Default: `['PUT', 'PATCH', 'DELETE']`.
   */
  readonly methods?: readonly string[];
  /** The origin that the route is for, such as `https://api.example.com`. Default: any. */
  readonly origin?: string;
  /** How PATCH bodies are understood, by content type. Default: `[mergePatch()]`. For RFC 6902 add `jsonPatch()`, of `remerge/json-patch`. */
  readonly patches?: readonly PatchFormat[];
  /**
   * What to do with a DELETE that meets a newer version: `'fail'` leaves the resource, `'delete'` deletes that version,
   * too, or a function of the two states says which. What is gone already is a success. Default: `'fail'`.
   */
  readonly onStaleDelete?:
    | StaleDelete
    | ((states: {
        readonly base: Value | undefined;
        readonly remote: Value;
      }) => StaleDelete | Promise<StaleDelete>);
  /** Validates what was read and what a merge made; it never changes either. Any Standard Schema. Default: none. */
  readonly schema?: Schema<Value>;

  /** The statuses that may mean a conflict. Default: `[409, 412, 428]`. */
  readonly statusCodes?: readonly number[];
  /**
   * Says what an answer with one of `statusCodes` means: `'stale'` to recover, `'final'` to let the answer stand,
   * `undefined` to leave it to the evidence. `body` is parsed JSON, or text. Default: always `undefined`.
   */
  readonly conflict?: (response: Response, body: unknown) => Verdict | undefined;
  /**
   * Finds the current representation in a conflict answer that carries it: `(response, body) => body.current`. It
   * saves the first recovery its read. `undefined`: it isn't there. Default: never there.
   */
  readonly remoteInConflict?: (response: Response, body: unknown) => unknown;
  /** Where to read the resource that a write goes to. Must stay on the same origin. Default: the write's own URL. */
  readonly readFrom?: (url: URL) => URL | string;

  /** How many times the write may be sent again. Default: 5. `0` means never. */
  readonly limit?: number;
  /** Milliseconds that the whole write may take, or `false` for no end. Default: 30 000. */
  readonly totalTimeout?: number | false;
  /**
   * The delay before a retry in milliseconds, without jitter; called with 1 for the second retry, as the first never
   * waits. Default: `n => 100 * 2 ** (n - 1)`.
   */
  readonly delay?: (retry: number) => number;
  /** The longest delay in milliseconds. Default: 2 000. */
  readonly backoffLimit?: number;
  /** `true` waits for a random part of the delay, a function makes its own. Default: `true`. */
  readonly jitter?: boolean | ((delay: number) => number);
  /** The longest wait that a server may ask for by Retry-After, in milliseconds. Default: 10 000. */
  readonly maxRetryAfter?: number;
  /** The longest body that recovery reads, in bytes. Default: 10 MiB. */
  readonly maxBytes?: number;

  /** Parses JSON text. Give your own to keep big integers. Default: `JSON.parse`. */
  readonly parseJson?: (text: string) => unknown;
  /** Writes JSON text. Default: `JSON.stringify`. */
  readonly stringifyJson?: (value: unknown) => string;
}

/** What may become of a delete whose target has changed. */
export type StaleDelete = 'fail' | 'delete';

/** Which URLs a route is for: a path pattern, a `URLPattern`, or a test of the URL. */
export type RoutePath = string | URLPattern | ((url: URL) => boolean);

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
  // Whoever deletes has seen what is deleted (davx5#2739).
  onStaleDelete: 'fail',
  statusCodes: [409, 412, 428],
  // With N writers at once each round lets one through: five retries serve six of them, more is a hot spot.
  limit: 5,
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

/** Of a whole client: room for some hundred documents that people have open. */
export const defaultMemory = 4 * 2 ** 20;

/** A route with every default filled in. */
export interface Route
  extends Backoff, Json, Pick<RouteOptions, 'conflict' | 'remoteInConflict' | 'readFrom' | 'schema'> {
  readonly matches: (url: URL) => boolean;
  readonly methods: readonly string[];
  readonly merge: Merge;
  readonly patches: readonly PatchFormat[];
  readonly onStaleDelete: NonNullable<RouteOptions['onStaleDelete']>;
  readonly version: VersionRule;
  readonly statusCodes: readonly number[];
  readonly limit: number;
  readonly totalTimeout: number | false;
  readonly maxBytes: number;
}

/** Fills in a route: its own options first, then those for all routes, then the defaults. */
export function compileRoute(path: RoutePath, own: RouteOptions, shared: RouteOptions): Route {
  const options = { ...defaults, ...given(shared), ...given(own) };
  const { merge, origin } = options;
  if (!merge)
    throw new TypeError(
      `${typeof path === 'string' ? `Route '${path}'` : 'A route'} has no merge. Give it one, or one for all routes.`,
    );
  const onPath = testPath(path);
  return {
    ...options,
    merge,
    matches: (url) => (origin === undefined || url.origin === origin) && onPath(url),
    version: versionRule(options.version ?? etag()),
  };
}

/** Options that were spelt out as `undefined` count as left out. */
function given(options: RouteOptions): RouteOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
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

/** The routes of one client, in order. The first that matches wins. */
export function routeFinder(routes: readonly Route[]): RouteFinder {
  return (url, method) =>
    routes.find((route) => (method === undefined || route.methods.includes(method)) && route.matches(url));
}
