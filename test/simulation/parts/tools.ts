import {
  defineMerge,
  idempotencyKey,
  createClient,
  etag,
  field,
  keepLocal,
  keepRemote,
  mergePatch,
  set,
  threeWay,
  withConflictRecovery,
  type Client,
  type Clock,
  type Merge,
  type RecoveringFetch,
  type RouteOptions,
} from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { origin } from '../party.ts';
import { isObject, type Document } from './document.ts';
import type { Scenario } from './scenario.ts';

/** What one client writes and reads with. */
export interface Tools {
  readonly api: Client<Record<string, unknown>>;
  readonly fetch: RecoveringFetch;
}

/** A client, and a fetch that recovers, which know nothing of each other. */
export function toolsOf(
  scenario: Scenario,
  fetch: typeof globalThis.fetch,
  clock: Clock,
  name: string,
): Tools {
  const route = routeOf(scenario);
  const who = { clock, scope: () => name };
  // What ky does by itself it does in real time.
  const kys = { baseUrl: origin, fetch, timeout: false, retry: 0 } as const;
  return {
    api: createClient({ ...kys, ...who, routes: { 'notes/:id': route } }),
    fetch: withConflictRecovery(fetch, { ...who, defaults: route }),
  };
}

function routeOf(scenario: Scenario): RouteOptions {
  const { workload, version, limit, timeout, totalTimeout, hasKeys, nulls, isTold, isSmallest } = scenario;
  const patches = [
    mergePatch({ ...(isTold && { null: nulls }), ...(isSmallest && { smallest: true }) }),
    jsonPatch(),
  ];
  const isActions = workload === 'actions';
  return {
    ...(hasKeys && { writeId: idempotencyKey() }),
    ...(isActions && { methods: ['POST'] }),
    merge: isActions ? actionMerge(scenario) : (threeWay<Document>({ '/items': set() }) as Merge),
    version: version === 'body' ? field('/version') : etag(),
    timeout,
    totalTimeout,
    retry: limit,
    server: { patches, ...(isActions && { means: 'actions', reverts: !scenario.isKept }) },
  };
}

/** How refused actions are merged. Only who looks whether they are done may do them again. */
function actionMerge({ merge, showsLast }: Scenario): Merge {
  if (merge === 'keepLocal') return keepLocal();
  if (merge === 'own' || showsLast) return ({ local }) => local;
  const looks: Merge = ({ local, remote }) => {
    const { actions } = local as { readonly actions: readonly { readonly add: string }[] };
    const items: readonly unknown[] = isObject(remote) && Array.isArray(remote.items) ? remote.items : [];
    return actions.every(({ add }) => items.includes(add)) ? keepRemote() : local;
  };
  return defineMerge(looks, { repeatable: true });
}
