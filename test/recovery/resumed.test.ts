import { createClient, giveUp, isRecoveryError, withConflictRecovery, type MergeContext } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

/** Leaves the first conflict to a person, and takes the local side in each later one. */
function askingOnce() {
  let asked = 0;
  return ({ local }: MergeContext): unknown => ((asked += 1) === 1 ? giveUp('Ask the author') : local);
}

describe('what a person decides, when it meets a conflict of its own', () => {
  it('goes out as what the caller said it is', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const recovering = withConflictRecovery(origin.fetch, { defaults: { merge: askingOnce() } });
    const report = reportOf(await recovering(url, put({ n: 3 })));
    if (report.outcome !== 'failed') throw new Error(`It ended ${report.outcome}.`);
    origin.change({ n: 4 });
    const response = await report.question?.resume({ n: 5 });
    expect(reportOf(response).outcome).toBe('merged');
    const types = origin.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ headers }) => headers.get('content-type'));
    expect(types).toEqual(['application/json', 'application/json', 'application/json']);
    expect(origin.value).toEqual({ n: 5 });
  });
});

describe('what a person decides about a patch', () => {
  it('is known as the whole state that it made, though the server answers with none', async () => {
    const origin = new Origin({ title: 'a', body: 'b' });
    // The origin of the tests knows no PATCH.
    let patch: unknown;
    const taken = async (request: Request): Promise<Response> => {
      patch = await request.json();
      return new Response(null, { status: 204, headers: { etag: '"v9"' } });
    };
    const api = createClient({
      baseUrl: 'https://api.test/',
      fetch: origin.fetch,
      routes: { 'notes/:id': { merge: askingOnce() } },
    });
    const note = api.resource('notes/:id', { id: '42' });
    const base = await note.read();
    origin.change({ title: 'theirs', body: 'b' });
    origin.once('PATCH', () => new Response(null, { status: 412 })).once('PATCH', taken);
    const error = await rejectionOf(note.patch({ title: 'mine' }, { base }));
    if (!isRecoveryError(error)) throw error;
    const result = await note.questionOf(error)?.resume({ title: 'both', body: 'b' });
    expect(result?.value).toEqual({ title: 'both', body: 'b' });
    expect(patch).toEqual({ title: 'both' });
  });
});
