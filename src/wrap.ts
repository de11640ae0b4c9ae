import { Budget, type BudgetOptions } from './core/budget.ts';
import type { RecoveryListener } from './events.ts';
import type { RouteOptions } from './options.ts';
import { credentialsIn } from './recovery/asker.ts';
import { noteRead, type Place } from './recovery/bases.ts';
import { makeKnownBy, noteSeen } from './recovery/known.ts';
import { Notes } from './recovery/notes.ts';
import type { Recoverer, World } from './recovery/call.ts';
import {
  compileRoute,
  defaultMemory,
  routeFinder,
  type Route,
  type RouteDefinition,
  type RouteFinder,
} from './route.ts';
import { systemClock, type Clock } from './shell/clock.ts';
import { createMemory } from './shell/memory.ts';
import type { HeaderFields } from './shell/kept-headers.ts';
import { checkOptions } from './shell/options.ts';
import { headersOf, isRequest, lineOf, resolveUrl, takeInit } from './shell/request.ts';
import type { Fetch } from './shell/transport.ts';
import { watchBody } from './shell/watch.ts';
import { write, type RecoveringInit } from './write.ts';

/** What is the same for all requests of a client. */
export interface ClientWide {
  /** How many bytes of bodies are remembered as bases. `0` remembers nothing. Default: 4 MiB. */
  readonly memory?: number;
  /**
   * The user whom a request is for, by its headers as they are sent: nobody gets the base of another, or travels in a write
   * of another's, and what one asked for isn't sent as another. Say it where tokens change (`(headers) => userIn(headers)`):
   * without it a new token in the place of one that was refused by 401 is taken for the same user's, whoever has signed in.
   * Say it also where a header without such a name tells users apart, where only writes have one with such a name, or where
   * a fetch of your own adds the credentials (`() => storage.getStore().user`). A `Request` that names a user is then sent as
   * that one, or not at all. Default: what every header says that has `auth`, `cookie`, `key`, `token`, `secret`, `user`,
   * `account`, `tenant` or `session` in its name, but for `User-Agent`, keys of idempotency and tokens against forgery; with a
   * fetch of your own on a server nobody knows, so nothing is remembered or shared.
   */
  readonly scope?: (headers: Headers) => string;
  /** Called with whatever happens to a write, as it happens. It can't change the outcome. Default: nobody listens. */
  readonly onEvent?: RecoveryListener;
  /**
   * What recovery may cost: a bucket of tokens for each origin, that all writes of the client share. When most writes fail,
   * it is empty, and the next to need recovery fail at once (`budget-exhausted`). `false`: no end. Default: see each number.
   */
  readonly budget?: BudgetOptions | false;
  /** Time and chance, for tests. Default: the system's. */
  readonly clock?: Clock;
}

/** Options of a wrapped fetch. What stands here of a route's options is the default for all routes. */
export interface RecoveryOptions<Values extends Record<string, unknown>, Value = unknown>
  extends ClientWide, RouteOptions<Value> {
  /**
   * The endpoints whose writes recover, by path pattern, or as a list made by `defineRoute`. The first that matches
   * wins. Default: every URL, if there is a `merge`.
   */
  readonly routes?:
    { readonly [Path in keyof Values]: RouteOptions<Values[Path]> } | readonly RouteDefinition[];
}

/** A `fetch` whose writes recover from conflicts. It goes wherever `fetch` does. */
export type RecoveringFetch = (input: string | URL | Request, init?: RecoveringInit) => Promise<Response>;

/** Wraps a `fetch`, with recovery as it is at hand. */
export function wrapFetch(
  fetch: Fetch,
  options: RecoveryOptions<never>,
  recovery: Recoverer,
): RecoveringFetch {
  checkOptions('withConflictRecovery', options);
  const { routes, memory } = options;
  const find = routeFinder(compileRoutes(routes, options));
  const world = createWorld(fetch, options, recovery);

  return async (input, given) => {
    const init = takeInit(input, given);
    const { method, href } = lineOf(input, init);
    if (method === 'GET' && memory !== 0) return read(world, find, href, input, init);
    // A page sees nothing of the answer to a no-cors request, and may not even name a version in one.
    const mode = init?.mode ?? (isRequest(input) ? input.mode : undefined);
    const url = isSafe(method) || mode === 'no-cors' ? undefined : resolveUrl(href);
    const route = url && find(url, method);
    return route ? await write(world, route, url, input, init) : await fetch(input, init);
  };
}

/** What all requests of a client share. */
export function createWorld(
  fetch: Fetch,
  {
    clock = systemClock,
    scope,
    memory = defaultMemory,
    onEvent,
    budget,
  }: { readonly [Name in keyof ClientWide]: ClientWide[Name] | undefined },
  recovery: Recoverer,
): World {
  const whose = scope ? (headers: HeaderFields) => scope(new Headers([...headers])) : credentialsIn;
  const isScoped = scope !== undefined;
  const bases = {
    memory: createMemory(memory),
    notes: new Notes(memory),
    scope: isVisible(fetch, { isScoped }) ? whose : () => undefined,
  };
  const spendable = budget === false ? undefined : new Budget(budget);
  return { fetch, clock, onEvent, bases, budget: spendable, whose, isScoped, recovery };
}

/**
 * Whether the user whom a request is for can be seen in its headers. A fetch of the user's own may add others, by
 * `AsyncLocalStorage` for example. A page has one user at a time, whatever its fetch does; a server has many.
 */
export function isVisible(fetch: Fetch, { isScoped }: Pick<World, 'isScoped'>): boolean {
  return isScoped || fetch === globalThis.fetch || typeof location !== 'undefined';
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/** Whether a method asks for no change (RFC 9110 §9.2.1). */
export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/** A read is the caller's own; only the body is noted when the caller reads it, as a base for a write to come. */
export async function read(
  { fetch, bases }: World,
  find: RouteFinder,
  href: string,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const headers = headersOf(input, init);
  const response = await fetch(input, init);
  if (response.status !== 200 || response.redirected) return response;
  return watchBody(response, {
    onBody(content, response) {
      const placeOf = (): Place | undefined => {
        const url = resolveUrl(href);
        const route = url && find(url);
        return route && { route, url };
      };
      noteSeen(response, noteRead(bases, { headers, response, content }, placeOf));
    },
    onJson: makeKnownBy,
  });
}

/** The routes of a client as its options list them. */
function compileRoutes(routes: unknown, shared: RouteOptions): readonly Route[] {
  if (!routes) return [compileRoute(() => true, {}, shared)];
  const list: readonly RouteDefinition[] = Array.isArray(routes)
    ? (routes as RouteDefinition[])
    : Object.entries(routes as Record<string, RouteOptions>).map(([path, options]) => ({ path, options }));
  return list.map(({ path, options }) => compileRoute(path, options, shared));
}
