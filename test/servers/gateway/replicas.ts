import { deepStrictEqual as equal, ok } from 'node:assert/strict';
import { told, type Note, type Visit } from './visit.ts';

/** A stale write whose re-read meets a replica that is behind. */
async function staleWrite({ through, make, intrude, log }: Visit, lag: 'reads' | 'told' | 'time') {
  // A second look after the second that the replica is late; else at once, as no time passes for what is counted in reads.
  const delay = lag === 'time' ? 1_500 : 0;
  const note = through('replica-reads', { retry: { delay: () => delay, jitter: false } });
  await make({ title: 'new' }, lag);
  const seen = await note.read();
  await intrude({ w1: 'eggs' });
  log('replica-reads');
  return told(note.replace({ ...seen.value, title: 'Food' }, { base: seen }));
}

/** A replica that shows the refused version is asked again. */
export async function behind(visit: Visit): Promise<string> {
  const { word } = await staleWrite(visit, 'reads');
  const lines = visit.log('replica-reads');
  equal([word, ...lines], ['merged', 'PUT 412', 'GET 200', 'GET 200', 'PUT 204']);
  equal(visit.at('replica').slice(1), ['GET 200 "v1"', 'GET 200 "v2"']);
  equal(await visit.held(), { title: 'Food', w1: 'eggs' });
  return `${word}: ${lines.join(', ')}`;
}

/** The same, with a replica that is late by a second. */
export async function aSecondBehind(visit: Visit): Promise<string> {
  const { word } = await staleWrite(visit, 'time');
  equal([word, await visit.held()], ['merged', { title: 'Food', w1: 'eggs' }]);
  return `${word}: ${visit.log('replica-reads').join(', ')}`;
}

/** A replica that never catches up ends the write, and nothing is written. */
export async function stuck(visit: Visit): Promise<string> {
  const { word } = await staleWrite(visit, 'told');
  const lines = visit.log('replica-reads');
  equal([word, ...lines], ['no-progress (stale-replica)', 'PUT 412', 'GET 200', 'GET 200']);
  equal(await visit.held(), { title: 'new', w1: 'eggs' });
  return `${word}: ${lines.join(', ')}`;
}

/** I have written once, and the replica knows neither that nor what somebody else has written upon it. */
async function oldState({ through, make, intrude, log }: Visit, change: Note) {
  const note = through('replica-reads', { retry: { delay: () => 0 } });
  await make({ title: 'new' }, 'reads');
  const first = await note.read();
  const mine = await note.replace({ title: 'Food' }, { base: first });
  await intrude({ w1: 'eggs' });
  log('replica-reads');
  return told(note.replace({ ...mine.value, ...change }, { base: mine }));
}

/** A replica that shows a version from before the refused one: what is made of it is refused, and nothing is lost. */
export async function farBehind(visit: Visit): Promise<string> {
  const { word } = await oldState(visit, { w2: 'milk' });
  equal([word, await visit.held()], ['merged', { title: 'Food', w1: 'eggs', w2: 'milk' }]);
  ok(visit.at('primary').includes('PUT 412 "v1"'), 'Nothing was made of the older version.');
  return `${word}: ${visit.log('replica-reads').join(', ')}`;
}

/** The same, where the write goes back to the very state that the replica still shows: it seems to be there already. */
export async function backToTheOld(visit: Visit): Promise<string> {
  const { word } = await oldState(visit, { title: 'new' });
  equal([word, await visit.held()], ['unchanged', { title: 'Food', w1: 'eggs' }]);
  return `${word}, and NOT WRITTEN: ${visit.log('replica-reads').join(', ')}`;
}

/** The gateway sends to the primary whoever reads past caches: the re-read is never late. */
export async function rereadsPinned({ through, make, intrude, held, log }: Visit): Promise<string> {
  const gateway = 'rereads-from-primary';
  const note = through(gateway);
  await make({ title: 'new' }, 'told');
  const seen = await note.read();
  await intrude({ w1: 'eggs' });
  log(gateway);
  const { word } = await told(note.replace({ ...seen.value, title: 'Food' }, { base: seen }));
  const lines = log(gateway);
  equal([word, ...lines], ['merged', 'PUT 412', 'GET 200', 'PUT 204']);
  equal(await held(), { title: 'Food', w1: 'eggs' });
  return `${word}: ${lines.join(', ')}`;
}
