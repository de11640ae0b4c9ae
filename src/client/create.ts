import ky, { type Input, type KyInstance, type Options, type ResponsePromise } from 'ky';
import { addressIn, urlOf } from './address.ts';
import { call } from './call.ts';
import { splitOptions } from './option-owners.ts';
import { Queues } from './queues.ts';
import type { CallOptions, ClientInstance } from './client-instance.ts';
import { Versions } from './versions.ts';
import { fillPattern, type ParameterOf, type PathParameters } from '../core/pattern.ts';
import { giveUp, type Resolution } from '../core/resolution.ts';
import { createWorld, type ClientWide } from '../wrap.ts';
import type { RouteOptions } from '../options.ts';
import { resourceAt, type Resource } from '../resource.ts';
import type { Recoverer } from '../recovery/call.ts';
import { compileRoute, routeFinder, updatesBy } from '../route.ts';
import { headersBy, type HeaderFactory } from '../shell/fresh-headers.ts';
import { createHints, type Hints } from '../shell/hints.ts';
import { checkOptions } from '../shell/options.ts';
import { tabsOf } from '../shell/tabs.ts';

/**
 * Options of a client: every option of ky, those of a route as the default for all routes, and the routes. A route's
 * path is relative to `baseUrl`, as the path of a call is; so a `baseUrl` with a path ends in a slash.
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
    RouteOptions,
    Omit<Options, keyof RouteOptions | 'headers' | 'parseJson' | 'stringifyJson'> {
  /** The endpoints whose writes recover, by path pattern. The first that matches wins. Default: none. */
  readonly routes?: { readonly [Path in keyof Values]: RouteOptions<Values[Path]> };
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
 * A ky instance whose writes on a route recover, and that has handles for resources. Like ky, it is a function itself.
 * `create` makes a plain ky instance, as ky's own does: for a client with other defaults use `extend`.
 */
export interface Client<Values extends object = object>
  extends Verb, Pick<KyInstance, 'create' | 'stop' | 'retry'> {
  readonly get: Verb;
  readonly post: Verb;
  readonly put: Verb;
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
   * segment; the slashes of `*` stay.
   *
   * @throws {TypeError} for parameters that make no address, and for a route that the client doesn't have.
   */
  readonly resource: <Path extends keyof Values & string>(
    path: Path,
    ...parameters: [ParameterOf<Path>] extends [never] ? [] : [parameters: PathParameters<Path>]
  ) => Resource<Values[Path]>;
}

/** Makes a client, with the recovery that is given: at hand, or loaded when it is needed. */
export function create<Values extends object>(
  options: ClientOptions<Values>,
  atHand: Recoverer,
): Client<Values> {
  checkOptions('createClient', options);
  const { routes = {}, memory, scope, onEvent, budget, clock, headers, acrossTabs, ...rest } = options;
  const [recovery, kys] = splitOptions(rest);
  const isFactory = typeof headers === 'function';
  const http = ky.create(isFactory || !headers ? kys : { ...kys, headers });
  const world = createWorld(globalThis.fetch, { clock, scope, memory, onEvent, budget }, atHand);
  const { bases } = world;
  const versions = new Versions(bases.notes);
  bases.onVersion = (at, version) => versions.read(at, version);
  return instanceOf(http, {
    world,
    versions,
    recovery,
    routes,
    headers: isFactory ? headersBy(headers) : undefined,
    hints: acrossTabs ? createHints() : undefined,
  });
}

/** The parts that all instances of a client share. */
interface Common extends Pick<ClientInstance, 'world' | 'headers' | 'versions'> {
  readonly hints: Hints | undefined;
  readonly recovery: RouteOptions;
  readonly routes: Readonly<Record<string, RouteOptions>>;
}

function instanceOf(http: KyInstance, common: Common): Client<Record<string, unknown>> {
  const { recovery, routes, hints, ...shared } = common;
  const defaults = defaultsOf(http);
  // Options that ky has, too, come from the instance, which may extend another.
  const { timeout = 10_000, totalTimeout, parseJson, stringifyJson } = defaults;
  const both = { timeout, totalTimeout, parseJson, stringifyJson };
  const places = new Map(
    Object.entries(routes).map(([path, own]) => {
      const base = own.origin === undefined ? defaults : { baseUrl: own.origin };
      const url = urlOf(path, base);
      const options = { merge: noMerge, ...recovery, ...both } as RouteOptions;
      const route = compileRoute(
        url?.pathname ?? path,
        { ...(url && { origin: url.origin }), ...own },
        options,
      );
      return [path, { route, base, updates: updatesBy(own, recovery) }] as const;
    }),
  );
  const find = routeFinder([...places.values()].map(({ route }) => route));
  const { clock, bases } = shared.world;
  const queues = new Queues(clock, bases.memory.maxBytes > 0);
  const tabs = hints && tabsOf(clock, hints, (address) => queues.forgetAt(address));
  const client: ClientInstance = { ...shared, http, defaults, find, tabs };

  const verb =
    (method?: string): Verb =>
    (input: Input, options?: CallOptions) =>
      call(client, method, input, options);
  const resource = (path: string, parameters: Readonly<Record<string, string | number>> = {}): Resource => {
    const place = places.get(path);
    if (!place) throw new TypeError(`There is no route '${path}'.`);
    const url = addressIn(fillPattern(path, parameters), place.base, path);
    return resourceAt({ ...place, client, url }, queues);
  };
  const kys: Pick<KyInstance, 'create' | 'stop' | 'retry'> = {
    create: http.create,
    stop: http.stop,
    retry: http.retry,
  };
  return Object.assign(verb(), {
    get: verb('get'),
    post: verb('post'),
    put: verb('put'),
    patch: verb('patch'),
    delete: verb('delete'),
    head: verb('head'),
    query: verb('query'),
    ...kys,
    extend: (more: Options | ((parent: Options) => Options)) => instanceOf(http.extend(more), common),
    resource,
  });
}

/** Returns the options that an instance was made with. ky shows them only to an instance that extends this one. */
function defaultsOf(http: KyInstance): Options {
  let defaults: Options = {};
  http.extend((parent) => {
    defaults = parent;
    return {};
  });
  return defaults;
}

/** An app that only ever updates needs no merge, as a recipe is one. */
const noMerge = (): Resolution => giveUp('The route has no merge');
