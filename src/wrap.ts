import { Budget, type BudgetOptions } from './core/budget.ts';
import type { RecoveryListener } from './events.ts';
import type { RouteOptions } from './options.ts';
import { credentialsIn } from './recovery/caller.ts';
import { noteRead, type Place } from './recovery/bases.ts';
import { trackFromResponse, trackResponse } from './recovery/known-state.ts';
import { Notes } from './recovery/notes.ts';
import type { Recoverer, Shared } from './recovery/call.ts';
import { compileRoute, routeFinder, type Route, type RouteDefinition, type RouteFinder } from './route.ts';
import { systemClock, type Clock } from './shell/clock.ts';
import { createMemory } from './shell/memory.ts';
import type { HeaderFields } from './shell/kept-headers.ts';
import { checkOptions } from './shell/options.ts';
import { headersOf, isRequest, lineOf, resolveUrl, takeInit } from './shell/request.ts';
import type { Fetch } from './shell/transport.ts';
import { watchBody } from './shell/watch.ts';
import { write, type RecoveringInit } from './write.ts';
import { defaultMemory } from './defaults.ts';

/** The options that hold for all requests of a client. */
export interface ClientWide {
  /** The number of bytes of bodies that are remembered as bases. `0` remembers nothing. Default: 4 MiB. */
  readonly memory?: number;
  /**
   * Names the user of a request, by the request's headers as they are sent. Two users share nothing: no user gets a
   * base of another or travels in a write of another, and a request of one is never sent as another. Set `scope` if
   * tokens change (`(headers) => userIn(headers)`): without it, a new token in the place of one that was refused by 401
   * counts as the same user's, even if another user has signed in. Set it also if a header with none of the names below
   * tells users apart, if only writes have a header with such a name, or if a fetch of your own adds the credentials
   * (`() => storage.getStore().user`). A `Request` that names a user is then sent as that user, or not at all. Default:
   * the values of all headers that have `auth`, `cookie`, `key`, `token`, `secret`, `user`, `account`, `tenant` or
   * `session` in their names, but for `User-Agent`, keys of idempotency and tokens against forgery; with a fetch of
   * your own on a server the user is unknown, so nothing is remembered or shared.
   */
  readonly scope?: (headers: Headers) => string;
  /** Called with each event of a write, as it happens. The listener can't change the outcome. Default: no listener. */
  readonly onEvent?: RecoveryListener;
  /**
   * The budget of recovery: a bucket of tokens for each origin, shared by all writes of the client. When most writes
   * fail, the bucket runs empty, and the next write that needs recovery fails at once (`retry-budget`). `false`: no
   * limit. Default: see each number.
   */
  readonly budget?: BudgetOptions | false;
  /** Time and randomness, for tests. Default: the system's. */
  readonly clock?: Clock;
}

/** Options of a wrapped fetch. */
export interface RecoveryOptions<Values extends Record<string, unknown>, Value = unknown> extends ClientWide {
  /**
   * The endpoints whose writes recover, by path pattern, or as a list made by `defineRoute`. A pattern that begins with
   * an origin is for that origin alone. The first that matches wins. Default: every URL, by `defaults`.
   */
  readonly routes?:
    { readonly [Path in keyof Values]: RouteOptions<Values[Path]> } | readonly RouteDefinition[];
  /** The options of all routes; what a route says itself goes before. Default: none. */
  readonly defaults?: RouteOptions<Value>;
}

/** A `fetch` whose writes recover from conflicts. It can be used wherever `fetch` can. */
export type RecoveringFetch = (input: string | URL | Request, init?: RecoveringInit) => Promise<Response>;

/** Wraps a `fetch`, with the recovery that is given: at hand, or loaded when it is needed. */
export function wrapFetch(
  fetch: Fetch,
  options: RecoveryOptions<never>,
  recovery: Recoverer,
): RecoveringFetch {
  checkOptions('withConflictRecovery', options);
  const { routes, defaults = {}, memory } = options;
  const find = routeFinder(compileRoutes(routes, defaults));
  const shared = createShared(fetch, options, recovery);

  return async (input, given) => {
    const init = takeInit(input, given);
    const { method, href } = lineOf(input, init);
    if (method === 'GET' && memory !== 0) return read(shared, find, href, input, init);
    // A page can't see the answer to a no-cors request, and can't name a version in the request.
    const mode = init?.mode ?? (isRequest(input) ? input.mode : undefined);
    const url = isSafe(method) || mode === 'no-cors' ? undefined : resolveUrl(href);
    const route = url && find(url, method);
    return route ? await write(shared, route, url, input, init) : await fetch(input, init);
  };
}

/** Makes the state that all requests of a client share. */
export function createShared(
  fetch: Fetch,
  {
    clock = systemClock,
    scope,
    memory = defaultMemory,
    onEvent,
    budget,
  }: { readonly [Name in keyof ClientWide]: ClientWide[Name] | undefined },
  recovery: Recoverer,
): Shared {
  const userOf = scope ? (headers: HeaderFields) => scope(new Headers([...headers])) : credentialsIn;
  const isScoped = scope !== undefined;
  const bases = {
    memory: createMemory(memory),
    notes: new Notes(memory),
    partitionOf: isVisible(fetch, { isScoped }) ? userOf : () => undefined,
  };
  const spendable = budget === false ? undefined : new Budget(budget);
  return { fetch, clock, onEvent, bases, budget: spendable, userOf, isScoped, recovery };
}

/**
 * Whether the headers of a request show its user. A fetch of the caller's own may add other headers, by
 * `AsyncLocalStorage` for example. A page has one user at a time, whatever its fetch does; a server has many.
 */
export function isVisible(fetch: Fetch, { isScoped }: Pick<Shared, 'isScoped'>): boolean {
  return isScoped || fetch === globalThis.fetch || typeof location !== 'undefined';
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/** Whether a method asks for no change (RFC 9110 §9.2.1). */
export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/** Makes a read as the caller asked for it. When the caller reads the body, the body is noted as a base for a later write. */
export async function read(
  { fetch, bases }: Shared,
  find: RouteFinder,
  href: string,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const headers = headersOf(input, init);
  const response = await fetch(input, init);
  if (response.status !== 200 || response.redirected) return response;
  const placeOf = placeFinder(find, href);
  return watchBody(response, {
    onBody(content, response) {
      trackResponse(response, noteRead(bases, { headers, response, content }, placeOf));
    },
    onJson: trackFromResponse,
  });
}

function placeFinder(find: RouteFinder, href: string): () => Place | undefined {
  return () => {
    const url = resolveUrl(href);
    const route = url && find(url);
    return route && { route, url };
  };
}

/** Compiles the routes of a client as its options list them. */
function compileRoutes(routes: unknown, shared: RouteOptions): readonly Route[] {
  if (!routes) return [compileRoute(() => true, {}, shared)];
  const list: readonly RouteDefinition[] = Array.isArray(routes)
    ? (routes as RouteDefinition[])
    : Object.entries(routes as Record<string, RouteOptions>).map(([path, options]) => ({ path, options }));
  return list.map(({ path, options }) => compileRoute(path, options, shared));
}
