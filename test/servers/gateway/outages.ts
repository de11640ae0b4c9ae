import { deepStrictEqual as equal } from 'node:assert/strict';
import { writeLog, type RouteOptions } from 'remerge';
import { told, type Visit } from './visit.ts';

const stamped: RouteOptions = { writeId: writeLog('/lastWrites') };

/** One more visit, as an update counts it. */
async function count({ through, make, log }: Visit, gateway: string, route: RouteOptions, lose: () => void) {
  const note = through(gateway, { ...route, retry: { delay: () => 0 } });
  await make({ visits: 10 });
  log(gateway);
  lose();
  const { word } = await told(note.update((draft) => ({ ...draft, visits: Number(draft.visits) + 1 })));
  return { word, lines: log(gateway) };
}

async function visits({ held }: Visit): Promise<unknown> {
  return ((await held()) as { readonly visits: unknown }).visits;
}

/** The connection to the primary is cut after the write is made: the gateway says 502. */
export async function badGateway(visit: Visit): Promise<string> {
  const { behind } = visit.site;
  const { word, lines } = await count(visit, 'no-retries', stamped, () => behind.lose('PUT'));
  equal([word, ...lines], ['already-applied', 'GET 200', 'PUT 502', 'GET 200']);
  equal(await visits(visit), 11);
  return `${word}: ${lines.join(', ')}`;
}

/** The primary makes the write, and takes longer to say so than the gateway waits: it says 504. */
export async function gatewayTimeout(visit: Visit): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { behind } = visit.site;
  const { word, lines } = await count(visit, 'no-retries', stamped, () =>
    behind.lose('PUT', async () => promise),
  );
  resolve(undefined);
  equal([word, ...lines], ['already-applied', 'GET 200', 'PUT 504', 'GET 200']);
  equal(await visits(visit), 11);
  return `${word}: ${lines.join(', ')}`;
}

/** The gateway sends the write once more by itself, and hands on the refusal of the second: it is known as our own. */
export async function sentTwice(visit: Visit): Promise<string> {
  const { word, lines } = await count(visit, 'retries', stamped, () => visit.site.behind.lose('PUT'));
  equal([word, ...lines], ['already-applied', 'GET 200', 'PUT 412', 'GET 200']);
  equal(
    visit.at('primary').filter((line) => line.startsWith('PUT')),
    ['PUT 204 "v1"', 'PUT 412 "v1"'],
  );
  equal(await visits(visit), 11);
  return `${word}: ${lines.join(', ')}; at the primary: PUT 204, PUT 412`;
}

/** The same without an id of the write: the refusal is taken for a conflict, and what adds up is added twice. */
export async function sentTwiceUnstamped(visit: Visit): Promise<string> {
  const { word, lines } = await count(visit, 'retries', {}, () => visit.site.behind.lose('PUT'));
  const found = await visits(visit);
  equal([word, found], ['merged', 12]);
  return `${word}, and COUNTED TWICE: ${lines.join(', ')}`;
}

/** A change that says what is to be there, and doesn't add up, is found there: nothing is written a second time. */
export async function sentTwiceEqual({ site, through, make, held, log }: Visit): Promise<string> {
  const note = through('retries');
  await make({ title: 'new' });
  const seen = await note.read();
  log('retries');
  site.behind.lose('PUT');
  const { word } = await told(note.replace({ title: 'Food' }, { base: seen }));
  const lines = log('retries');
  equal([word, ...lines], ['unchanged', 'PUT 412', 'GET 200']);
  equal(await held(), { title: 'Food' });
  return `${word}: ${lines.join(', ')}`;
}
