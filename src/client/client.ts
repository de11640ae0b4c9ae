import type { Input, KyInstance, Options, ResponsePromise } from 'ky';
import type { Frozen } from '../core/frozen.ts';
import type { ParameterOf, PathParameters } from '../core/pattern.ts';
import type { RouteOptions } from '../options.ts';
import type { Resource } from '../handle.ts';
import type { Server } from '../server.ts';
import type { HeaderFactory } from '../shell/fresh-headers.ts';
import type { ClientWide } from '../wrap.ts';
import type { CallOptions } from './client-instance.ts';

/**
 * Options of a client: every option of ky, and the routes. A route's path is relative to `baseUrl`, as the path of a call
 * is; so a `baseUrl` with a path ends in a slash.
 *
 * For reads, and for writes without a route, ky's options are ky's. For a write on a route some mean more, or less:
 *
 * - `timeout` is for each request of the write, the re-reads included.
 * - `totalTimeout` is for the whole write, hooks included, and has a default: 30 000.
 * - `retry` is for reads: a write is repeated as the route says. Only a hook of yours can still make ky repeat a write.
 * - `hooks` see one request and one answer, however many requests the write takes. `beforeError` gets ky's error,
 *   before it becomes the cause of a `RecoveryError`.
 * - `headers` may be a function, called for each request.
 * - `throwHttpErrors: false` lets a refused write resolve; see `recoveryOf(response)`.
 * - `parseJson` is also called without ky's second argument.
 * - `fetch` also makes the re-reads.
 */
export interface ClientOptions<Values extends object>
  extends
    ClientWide,
    Pick<Server, 'parseJson' | 'stringifyJson'>,
    Omit<Options, 'headers' | 'parseJson' | 'stringifyJson'> {
  /**
   * The endpoints whose writes recover, by path pattern. An absolute URL as a pattern is for its own origin. The first
   * that matches wins. Default: none.
   */
  readonly routes?: { readonly [Path in keyof Values]: RouteOptions<Values[Path]> };
  /** The options of all routes; what a route says itself goes before. Default: none. */
  readonly defaults?: RouteOptions;
  /**
   * Headers of every request, or a function that makes them anew for each request, those of a recovery included: for
   * tokens. A header of the call itself is kept. Default: none.
   */
  readonly headers?: Options['headers'] | HeaderFactory;
  /**
   * Whether tabs of one origin take turns at the `update`s of a resource, by Web Locks, and tell each other by
   * BroadcastChannel that the resource has changed, so that the next update reads it first. This avoids conflicts, and
   * no write depends on it. No body is sent; a tab that is closed, or frozen for 2 seconds, loses its turn; a runtime
   * needs neither API. Default: `false`.
   */
  readonly acrossTabs?: boolean;
}

/**
 * One verb of a client: a verb of ky, with the options of one write.
 *
 * Rejects as ky does, except for a write on a route: such a write rejects with a `RecoveryError`, with what a function
 * of yours throws, or with the reason of the signal.
 */
export type Verb = <Value>(url: Input, options?: CallOptions) => ResponsePromise<Value>;

/**
 * `put` of a client. Where the path is a text that the compiler knows, such as a template, `json` has the type of the route
 * whose pattern fits.
 */
type PutVerb<Values extends object> = <Value, Path extends string = string>(
  url: Path | Exclude<Input, string>,
  options?: CallOptions & { readonly json?: JsonAt<Values, Path> },
) => ResponsePromise<Value>;

/** The value at a path, by the patterns that fit it; anything where none does, or where the path isn't known. */
type JsonAt<Values extends object, Path extends string> = string extends Path
  ? unknown
  : [Fitting<Values, Path>] extends [never]
    ? unknown
    : Frozen<Known<Values[Fitting<Values, Path>]>>;

/** The type of a route's value; nothing is known of it where neither a schema nor a merge says it. */
type Known<Value> = [Value] extends [undefined] ? unknown : Value;

type Fitting<Values extends object, Path extends string> = {
  [Pattern in keyof Values & string]: Path extends PathOf<Pattern> ? Pattern : never;
}[keyof Values & string];

/** The paths of a pattern, as a template: `notes/:id` is `notes/${string}`. */
type PathOf<Pattern extends string> = Pattern extends `${infer Before}:${string}/${infer After}`
  ? `${Before}${string}/${PathOf<After>}`
  : Pattern extends `${infer Before}:${string}` | `${infer Before}*`
    ? `${Before}${string}`
    : Pattern;

/** The options of a handle. */
export interface ResourceOptions {
  /** The query of the resource's address, in a form that ky takes. Default: none. */
  readonly searchParams?:
    string | URLSearchParams | Readonly<Record<string, string | number | boolean>> | [string, string][];
}

/**
 * A ky instance whose writes on a route recover, and that has handles for resources. Like ky, it is a function itself.
 * `create` makes a plain ky instance, as ky's own does: for a client with other defaults use `extend`.
 */
export interface Client<Values extends object = object>
  extends Verb, Pick<KyInstance, 'create' | 'stop' | 'retry'> {
  readonly get: Verb;
  readonly post: Verb;
  readonly put: PutVerb<Values>;
  readonly patch: Verb;
  readonly delete: Verb;
  readonly query: Verb;
  readonly head: (url: Input, options?: CallOptions) => ResponsePromise;
  /**
   * Makes a client with some of ky's options overridden, as ky's own `extend` does. It has the same routes, memory and
   * listener.
   */
  readonly extend: (defaults: Options | ((parent: Options) => Options)) => Client<Values>;
  /**
   * Makes a handle on one resource, typed by the schema of its route. Parameters are percent-encoded, each as one
   * segment; the slashes of `*` stay. `searchParams` is the query of the address, in every read and write of the handle:
   * the same path under two queries is two resources.
   *
   * @throws {TypeError} for parameters that make no address, and for a route that the client doesn't have.
   */
  readonly resource: <Path extends keyof Values & string>(
    path: Path,
    ...parameters: [ParameterOf<Path>] extends [never]
      ? [parameters?: Readonly<Record<string, never>>, options?: ResourceOptions]
      : [parameters: PathParameters<Path>, options?: ResourceOptions]
  ) => Resource<Known<Values[Path]>>;
}
