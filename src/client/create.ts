import ky, { type Input, type KyInstance, type Options } from 'ky';
import { addressIn, urlOf } from './address.ts';
import { call } from './call.ts';
import type { Client, ClientOptions, ResourceOptions, Verb } from './client.ts';
import { Queues } from './queues.ts';
import type { CallOptions, ClientInstance } from './client-instance.ts';
import { Versions } from './versions.ts';
import { fillPattern, splitPattern } from '../core/pattern.ts';
import { giveUp, type Resolution } from '../core/resolution.ts';
import { createShared } from '../wrap.ts';
import type { RouteOptions } from '../options.ts';
import type { Server } from '../server.ts';
import type { Resource } from '../handle.ts';
import { resourceAt } from '../resource.ts';
import type { Recoverer } from '../recovery/call.ts';
import { compileRoute, given, routeFinder, updatesBy } from '../route.ts';
import { headersBy } from '../shell/fresh-headers.ts';
import { createHints, type Hints } from '../shell/hints.ts';
import { checkOptions } from '../shell/options.ts';
import { tabsOf } from '../shell/tabs.ts';

/** Makes a client, with the recovery that is given: at hand, or loaded when it is needed. */
export function create<Values extends object>(
  options: ClientOptions<Values>,
  atHand: Recoverer,
): Client<Values> {
  checkOptions('createClient', options);
  const {
    routes = {},
    defaults = {},
    memory,
    scope,
    onEvent,
    budget,
    clock,
    headers,
    acrossTabs,
    ...kys
  } = options;
  const isFactory = typeof headers === 'function';
  const http = ky.create(isFactory || !headers ? kys : { ...kys, headers });
  const shared = createShared(globalThis.fetch, { clock, scope, memory, onEvent, budget }, atHand);
  const { bases } = shared;
  const versions = new Versions(bases.notes);
  bases.onVersion = (at, version) => versions.read(at, version);
  return instanceOf(http, {
    shared,
    versions,
    recovery: defaults,
    routes,
    headers: isFactory ? headersBy(headers) : undefined,
    hints: acrossTabs ? createHints() : undefined,
  });
}

/** The parts that all instances of a client share. */
interface Common extends Pick<ClientInstance, 'shared' | 'headers' | 'versions'> {
  readonly hints: Hints | undefined;
  readonly recovery: RouteOptions;
  readonly routes: Readonly<Record<string, RouteOptions>>;
}

function instanceOf(http: KyInstance, common: Common): Client<Record<string, unknown>> {
  const { recovery, routes, hints, ...inherited } = common;
  const defaults = defaultsOf(http);
  // Options that ky has, too, come from the instance, which may extend another.
  const { timeout = 10_000, totalTimeout, parseJson, stringifyJson } = defaults;
  const times = given({ timeout, totalTimeout });
  const json = given({ parseJson, stringifyJson }) as Pick<Server, 'parseJson' | 'stringifyJson'>;
  const places = new Map(
    Object.entries(routes).map(([path, own]) => {
      const base = splitPattern(path).origin === undefined ? defaults : {};
      const url = urlOf(path, base);
      const options = { merge: noMerge, ...times, ...given(recovery) } as RouteOptions;
      const route = compileRoute(url ? url.origin + url.pathname : path, own, options, json);
      return [path, { route, base, updates: updatesBy(own, recovery) }] as const;
    }),
  );
  const find = routeFinder([...places.values()].map(({ route }) => route));
  const { clock, bases } = inherited.shared;
  const queues = new Queues(clock, bases.memory.maxBytes > 0);
  const tabs = hints && tabsOf(clock, hints, (address) => queues.forgetAt(address));
  const client: ClientInstance = { ...inherited, http, defaults, find, tabs };

  const verb =
    (method?: string): Verb =>
    (input: Input, options?: CallOptions) =>
      call(client, method, input, options);
  const resource = (
    path: string,
    parameters: Readonly<Record<string, string | number>> = {},
    { searchParams }: ResourceOptions = {},
  ): Resource => {
    const place = places.get(path);
    if (!place) throw new TypeError(`There is no route '${path}'.`);
    const url = addressIn(fillPattern(path, parameters), place.base, path);
    if (searchParams) url.search = String(new URLSearchParams(searchParams as Record<string, string>));
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
