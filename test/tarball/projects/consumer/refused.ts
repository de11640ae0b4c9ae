// Mistakes that a compiler has to find. Each stands under a line that says so.
import { createClient, etag, keepLocal, set, threeWay, withConflictRecovery } from 'remerge';
import * as z from 'zod';
import { api } from './program.js';

const note = api.resource('notes/:id', { id: '42' });

export async function mistakes(): Promise<void> {
  // @ts-expect-error -- there is no such route
  api.resource('note/:id', { id: '42' });
  // @ts-expect-error -- a parameter is missing
  api.resource('boards/:board/cards/:card', { board: 1 });
  // @ts-expect-error -- there is no such field
  await note.update((draft) => void (draft.titel = 'b'));
  const { value } = await note.read();
  // @ts-expect-error -- nobody changes what was read
  value.title = 'c';
  // @ts-expect-error -- a whole state is written under what was seen
  await note.replace(value);
  // @ts-expect-error -- there is no such outcome
  if ((await note.update(() => undefined)).outcome === 'failed') return;
  // @ts-expect-error -- a limit is a number
  withConflictRecovery(fetch, { defaults: { merge: keepLocal(), retry: '5' } });
  // @ts-expect-error -- a weak tag can't be ignored
  etag({ weak: 'ignore' });
  // @ts-expect-error -- the schema has no such field
  createClient({ routes: { a: { schema: z.object({ n: z.number() }), merge: threeWay({ '/m': set() }) } } });
  // @ts-expect-error -- an option of routes isn't one of the client
  createClient({ merge: keepLocal() });
  // @ts-expect-error -- a fact about the server isn't one of a call
  await note.delete({ base: value, recovery: { server: {} } });
  // @ts-expect-error -- an answer is a whole note
  await note.questionOf(undefined)?.resume({ title: 'b' });
  // @ts-expect-error -- what may be left out isn't undefined
  createClient({ defaults: { retry: undefined } });
}
