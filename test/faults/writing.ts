import { createClient, withConflictRecovery, type MergeTraits, type RouteOptions } from 'remerge';
import { boundsOf, budgetOf, type Case } from './case.ts';
import type { Doc } from './resource.ts';
import type { NetworkClock } from './traffic.ts';
import type { Venue } from './venue.ts';

/** What is stored at first. */
const start: Doc = { entries: [], theirs: [], lastWrites: ['the first'] };

/** The same, of a server that shows and wants its version in the body. */
const startByField: Doc = { ...start, version: 1 };

export function startOf({ condition, strategy }: Case): Doc | undefined {
  if (condition === 'nothing yet') return undefined;
  return strategy.isByField ? startByField : start;
}

/** What the caller adds. */
export const mine = 'mine';

/** Makes the write of a case through the wrapped fetch. */
export async function writeByFetch(one: Case, venue: Venue, clock: NetworkClock): Promise<Response> {
  const { method, condition, strategy } = one;
  const isPosted = method === 'POST' && condition === 'nothing yet';
  const route: RouteOptions<Doc> = {
    ...strategy.options,
    ...boundsOf(one),
    methods: ['PUT', 'PATCH', 'POST', 'DELETE'],
    ...(isPosted && { server: { create: { method: 'POST', find: () => venue.path } } }),
  };
  const recovering = withConflictRecovery(fetch, {
    routes: { 'cases/:id/:name': route },
    clock,
    budget: budgetOf(one),
  });
  const { version, ...base } = startOf(one) ?? start;
  const said = method === 'PATCH' ? { entries: [mine] } : { ...base, entries: [mine] };
  const document = JSON.stringify(condition === 'version' ? { ...said, version } : said);
  const response = await recovering(venue.origin + (isPosted ? venue.collection : venue.path), {
    method,
    headers: headersOf(one),
    signal: venue.patience.signal,
    ...(method !== 'DELETE' && { body: document }),
    ...(condition === 'version' && { base: startOf(one) }),
  });
  // As callers do. That it breaks off is theirs to find out.
  await response.arrayBuffer().catch(() => undefined);
  return response;
}

/** Makes the write of a case through a handle of a client. */
export async function writeByClient(one: Case, venue: Venue, clock: NetworkClock): Promise<Response> {
  const { response } = await handled(one, venue, clock);
  return response;
}

function handled(one: Case, venue: Venue, clock: NetworkClock): Promise<{ readonly response: Response }> {
  const { maker, method, strategy } = one;
  const route: RouteOptions<Doc> = { ...strategy.options, ...boundsOf(one) };
  const routes = { 'cases/:id/note': route };
  const api = createClient({ baseUrl: venue.origin, clock, budget: budgetOf(one), headers: secrets, routes });
  const note = api.resource('cases/:id/note', { id: venue.id });
  const { signal } = venue.patience;
  const based = { base: start, headers: headersOf(one), signal };
  if (maker === 'update') {
    const { repeatable = false } = (route.merge ?? {}) as MergeTraits;
    const recipe = (doc: Doc): Doc => ({ ...doc, entries: repeatable ? [mine] : [...doc.entries, mine] });
    return note.update(recipe, { repeatable, signal });
  }
  if (method === 'PATCH') return note.patch({ entries: [mine] }, based);
  return method === 'DELETE' ? note.delete(based) : note.replace({ ...start, entries: [mine] }, based);
}

/** What a caller's headers may give away. */
export const secrets = { authorization: 'Bearer t', 'x-api-key': 'k', 'x-csrf-token': 'c' };

function headersOf({ method, condition, strategy, fault }: Case): Record<string, string> {
  return {
    ...secrets,
    ...(fault.deed.kind === 'redirect' && { 'idempotency-key': '"of the caller"' }),
    ...(method !== 'DELETE' && {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    }),
    ...(condition === 'version' && !strategy.isByField && { 'if-match': '"v1"' }),
    ...(condition === 'nothing yet' && method === 'PUT' && { 'if-none-match': '*' }),
  };
}
