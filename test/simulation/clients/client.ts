import {
  defineMerge,
  createClient,
  giveUp,
  type Client,
  type Merge,
  type RecoveryListener,
  type RouteOptions,
} from 'remerge';
import ky, { type AfterResponseHook, type BeforeRequestHook, type Options } from 'ky';
import { senderOf } from './credentials.ts';
import { merged, type Document } from './document.ts';
import { toldOf } from './scenario.ts';
import { versionOf } from './versions.ts';
import type { World } from './world.ts';

export const origin = 'https://api.test/';

/** Makes the client through which all users of a schedule call. */
export function clientOf(world: World, onEvent: RecoveryListener): Client<Record<string, unknown>> {
  const { scenario, credentials, clock, gate } = world;
  const { teller, isOwnFetch, hasScope, headersDelay } = scenario;
  const now = (): Record<string, string> => credentials.headersOf(credentials.current);
  const fetch = teller === 'fetch' ? gate.fetchWith(now) : gate.fetch;
  const later = async (): Promise<Record<string, string>> => {
    const own = now();
    await new Promise<void>((resolve) => clock.after(headersDelay, resolve));
    return own;
  };
  const headers = teller === 'static' ? now() : headersDelay > 0 ? later : now;
  const sign: BeforeRequestHook = ({ request }) => {
    for (const [name, value] of Object.entries(now())) request.headers.set(name, value);
  };
  const hooks: Options['hooks'] = {
    ...(teller === 'hook' && { beforeRequest: [sign] }),
    ...(scenario.refresh !== 'never' && { afterResponse: [renewing(world, () => api)] }),
  };
  const route = routeOf(world);
  const api: Client<Record<string, unknown>> = createClient({
    baseUrl: origin,
    clock,
    onEvent,
    // A token that is renewed is still its user's.
    ...(hasScope && { scope: (headers: Headers) => senderOf(headers) ?? '' }),
    ...(isOwnFetch && { fetch }),
    ...((teller === 'static' || teller === 'headers') && { headers }),
    hooks,
    // Only hooks repeat anything; ky keeps a copy of a request for them where it may be repeated.
    retry: { limit: scenario.refresh === 'never' ? 0 : 3, methods: [] },
    routes: { 'me/:what': route, 'notes/:id': route, 'fresh/:id': route },
  });
  return api;
}

function routeOf({ scenario, ledger }: World): RouteOptions {
  const { versions, defers, isIdempotent, limit, timeout, totalTimeout, onExists, onStaleDelete } = scenario;
  const merge: Merge<Document> = (sides) => {
    const { base, local, remote } = sides;
    if (base && base.name !== local.name)
      ledger.flaw(`another's base: ${toldOf(scenario)}`, `${base.name} for ${local.name}`);
    return defers || local.name !== remote.name
      ? giveUp('somebody else was faster')
      : merged(sides, scenario);
  };
  return {
    timeout,
    totalTimeout,
    retry: limit,
    merge: defineMerge(merge as Merge, { repeatable: isIdempotent, additive: !isIdempotent }),
    version: versionOf(versions),
    onConflict: { exists: onExists, changed: onStaleDelete },
  };
}

/** A hook that gets a new token where the old one was refused, and sends the request again. */
function renewing(
  { scenario, credentials, server, clock, gate, ledger }: World,
  client: () => Client<Record<string, unknown>>,
): AfterResponseHook {
  return async ({ request, response }) => {
    if (response.status !== 401) return undefined;
    // Whoever was refused: on a page another may have signed in by now.
    const user = senderOf(request.headers) ?? credentials.current;
    if (user === undefined) return undefined;
    await new Promise<void>((resolve) => clock.after(20, resolve));
    credentials.renew(user, server.serialOf(user));
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(credentials.headersOf(user))) headers.set(name, value);
    const again = new Request(request, { headers });
    if (scenario.refresh === 'retry') return ky.retry({ request: again, delay: 1 });
    try {
      if (scenario.refresh === 'client') return await client()(again);
      return await ky(again, { fetch: gate.fetch, timeout: false, retry: 0 });
    } catch (error) {
      if (typeof error === 'object' && error !== null) ledger.foreign.add(error);
      throw error;
    }
  };
}
