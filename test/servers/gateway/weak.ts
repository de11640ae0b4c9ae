import { deepStrictEqual as equal, match } from 'node:assert/strict';
import { etag, type RouteOptions } from 'remerge';
import { told, type Told, type Visit } from './visit.ts';

/** nginx doesn't compress what is shorter than 20 bytes. */
const fresh = { title: 'new', body: 'Milk, bread and butter' };

/** A stale write through a gateway that compresses. */
async function staleWrite(
  { through, make, intrude, log }: Visit,
  gateway: string,
  route: RouteOptions,
): Promise<Told & { readonly lines: readonly string[] }> {
  const note = through(gateway, { ...route, retry: { delay: () => 0 } });
  await make(fresh);
  const seen = await note.read();
  equal(seen.response.headers.get('etag'), 'W/"v1"');
  await intrude({ w1: 'eggs' });
  log(gateway);
  const outcome = await told(note.replace({ ...seen.value, title: 'Food' }, { base: seen }));
  return { ...outcome, lines: log(gateway) };
}

/** By default a weak tag stops the write, and the error says where it comes from. */
export async function weakExplained(visit: Visit): Promise<string> {
  const { word, message, lines } = await staleWrite(visit, 'gzip', {});
  equal([word, await visit.held()], ['version-weak', { ...fresh, w1: 'eggs' }]);
  match(message, /compress/);
  equal(lines, []);
  return `${word}, and nothing is sent`;
}

/** What the gateway weakened is made strong again. */
export async function weakStripped(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'gzip', { version: etag({ weak: 'strip' }) });
  equal([word, ...lines], ['merged', 'PUT 412', 'GET 200', 'PUT 204']);
  equal(await visit.held(), { ...fresh, title: 'Food', w1: 'eggs' });
  return `${word}: ${lines.join(', ')}`;
}

/** Sent as it is, it never matches: that is found out, and not looped on. */
export async function weakSent(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'gzip', { version: etag({ weak: 'send' }) });
  equal([word, await visit.held()], ['no-progress (unmatchable-etag)', { ...fresh, w1: 'eggs' }]);
  return `${word}: ${lines.join(', ')}`;
}

/** The gateway that weakened it makes it strong again. */
export async function weakUndone(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'gzip-undone', { version: etag({ weak: 'send' }) });
  equal([word, ...lines], ['merged', 'PUT 412', 'GET 200', 'PUT 204']);
  equal(await visit.held(), { ...fresh, title: 'Food', w1: 'eggs' });
  return `${word}: ${lines.join(', ')}`;
}
