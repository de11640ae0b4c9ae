import { deepStrictEqual as equal, ok } from 'node:assert/strict';
import { told, type Told, type Visit } from './visit.ts';

const mine = { title: 'Food' };
const both = { title: 'Food', w1: 'eggs' };
const theirs = { title: 'new', w1: 'eggs' };

/** A stale write through a gateway. */
async function staleWrite(
  { through, make, intrude, log }: Visit,
  gateway: string,
): Promise<Told & { readonly lines: readonly string[] }> {
  const note = through(gateway, { retry: { delay: () => 0 } });
  await make({ title: 'new' });
  const seen = await note.read();
  await intrude({ w1: 'eggs' });
  log(gateway);
  const outcome = await told(note.replace({ ...seen.value, ...mine }, { base: seen }));
  return { ...outcome, lines: log(gateway) };
}

/** The gateway takes If-Match away, and the origin demands it: the write ends, and nothing is written. */
export async function headerDropped(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'header-dropped');
  equal([word, await visit.held()], ['no-progress (dropped-precondition)', theirs]);
  ok(lines.filter((line) => line.startsWith('PUT')).every((line) => line === 'PUT 428'));
  return `${word}: ${lines.join(', ')}`;
}

/** The gateway lets any version through: the edit of another is lost, and nobody is told. */
export async function headerReplaced(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'header-replaced');
  equal([word, await visit.held()], ['applied', mine]);
  return `${word}, and THE EDIT OF ANOTHER LOST: ${lines.join(', ')}`;
}

/** The gateway refuses by itself, whatever the origin has: that is found out, and not looped on. */
export async function ownRefusal(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'own-refusal');
  equal([word, await visit.held()], ['no-progress (unmatchable-etag)', theirs]);
  equal(visit.at('primary').filter((line) => line.startsWith('PUT')).length, 1);
  return `${word}: ${lines.join(', ')}`;
}

/** The gateway answers the re-read from its cache, though it asks for what is new: the write ends. */
export async function cached(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'cache');
  equal([word, await visit.held()], ['no-progress (stale-replica)', theirs]);
  equal(lines, ['PUT 412', 'GET 200', 'GET 200']);
  return `${word}: ${lines.join(', ')}`;
}

/** The gateway's cache listens to whoever asks for what is new. */
export async function cacheAsked(visit: Visit): Promise<string> {
  const { word, lines } = await staleWrite(visit, 'cache-asked');
  equal([word, ...lines], ['merged', 'PUT 412', 'GET 200', 'PUT 204']);
  equal(await visit.held(), both);
  return `${word}: ${lines.join(', ')}`;
}

/** The gateway lets a write through each second: the others wait as long as it says, and go out as they are. */
export async function rateLimited({ through, make, held, log }: Visit): Promise<string> {
  const note = through('rate-limit');
  await make({ title: 'new' });
  const seen = await note.read();
  const first = await note.replace({ ...seen.value, ...mine }, { base: seen });
  log('rate-limit');
  const { word } = await told(note.replace({ ...first.value, w1: 'eggs' }, { base: first }));
  const lines = log('rate-limit');
  equal([word, ...lines], ['applied', 'PUT 429', 'PUT 204']);
  equal(await held(), both);
  return `${word}: ${lines.join(', ')}`;
}
