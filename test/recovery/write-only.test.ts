import {
  createClient,
  etag,
  field,
  keepLocal,
  threeWay,
  type RecoveryOptions,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const version = field('/rev');
const server = { annotations: ['/comment'] };

/** A write that says more than the server will show. */
const save = (source: string): RequestInit => ({
  method: 'PUT',
  body: JSON.stringify({ source, comment: 'Typo', rev: 1 }),
  headers: { 'content-type': 'application/json' },
});

async function lost(shown: unknown, options: RecoveryOptions<Record<string, unknown>>) {
  const origin = new Origin(shown).lose('PUT', 'before', 503);
  const response = await recovering(origin, { ...options, defaults: { version, ...options.defaults } })(
    url,
    save('Milk'),
  );
  return { origin, report: reportOf(response) };
}

describe('a write with an annotation, such as a commit message', () => {
  it('is found to be made by what the server does show', async () => {
    const { report } = await lost({ source: 'Milk', rev: 2 }, { defaults: { server } });
    expect(report).toMatchObject({ outcome: 'already-applied' });
  });

  it('is not found by anything else, nor where nobody says what to look at', async () => {
    const other = await lost({ source: 'Eggs', rev: 2 }, { defaults: { server } });
    expect(other.report).toMatchObject({ code: 'outcome-unknown' });
    const all = await lost({ source: 'Milk', rev: 2 }, {});
    expect(all.report).toMatchObject({ code: 'outcome-unknown' });
  });

  it('is not found in what is no object', async () => {
    const { report } = await lost('"Milk"', {
      defaults: { version: etag(), server },
    });
    expect(report).toMatchObject({ code: 'outcome-unknown' });
  });

  it('is not made where the server shows what it comes to', async () => {
    const origin = new Origin({ source: 'Milk', rev: 2 }).once(
      'PUT',
      () => new Response(null, { status: 409 }),
    );
    const response = await recovering(origin, {
      defaults: { merge: keepLocal(), version, server },
    })(url, save('Milk'));
    expect(reportOf(response)).toMatchObject({ outcome: 'unchanged' });
    expect(origin.requests).toHaveLength(2);
  });
});

/** A server that keeps comments apart from the ticket, and shows none. */
function helpdesk(options: RouteOptions<never> = {}) {
  const origin = new Origin({ title: 'a', status: 'open' });
  const posted: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.method !== 'PUT') return origin.fetch(request);
    const { comment, ...state } = (await request.json()) as { readonly comment?: string };
    const { url, method, headers } = request;
    const answer = await origin.fetch(url, { method, headers, body: JSON.stringify(state) });
    if (answer.ok && comment !== undefined) posted.push(comment);
    return answer;
  };
  const route = {
    merge: threeWay(),
    server: { writeOnly: ['/comment'] },
    ...options,
  } as unknown as RouteOptions;
  const clock = new VirtualClock();
  const client = createClient({
    ...{ baseUrl: 'https://api.test/', fetch, clock },
    routes: { 'notes/:id': route },
  });
  const ticket = client.resource('notes/:id', { id: '42' });
  /** Another writer changes the ticket. */
  const edit = (change: object) => origin.change({ ...(origin.value as object), ...change });
  return { origin, posted, ticket, edit, clock };
}

describe('a write with a member that no read shows, such as a comment', () => {
  const comment = { title: 'a', status: 'open', comment: 'Called back' };

  it('is written though a merge comes to what the server shows, and once', async () => {
    const { ticket, posted, edit, origin } = helpdesk();
    const base = await ticket.read();
    edit({ title: 'b' });
    const saved = await ticket.replace(comment, { base });
    expect(saved.outcome).toBe('merged');
    expect(posted).toEqual(['Called back']);
    expect(origin.value).toMatchObject({ title: 'b' });
  });

  it('is not found by a state that was there before, and not posted twice', async () => {
    const { ticket, posted, edit, origin, clock } = helpdesk({
      merge: threeWay({}, { repeatable: true }) as never,
    });
    const base = await ticket.read();
    // The answer is lost after the comment was posted.
    origin.once('PUT', () => {
      edit({});
      return new Response('', { status: 503 });
    });
    const error = await clock.run(rejectionOf(ticket.replace(comment as never, { base })));
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(posted).toEqual([]);
  });

  it('is found by a change that came with it', async () => {
    const { ticket, edit, origin, clock } = helpdesk();
    const base = await ticket.read();
    origin.once('PUT', () => {
      edit({ status: 'solved' });
      return new Response('', { status: 503 });
    });
    const saved = await clock.run(ticket.replace({ ...comment, status: 'solved' }, { base }));
    expect(saved.outcome).toBe('already-applied');
  });

  it('is sent again where the server still has the very version', async () => {
    const { ticket, posted, origin, clock } = helpdesk();
    const base = await ticket.read();
    origin.lose('PUT', 'before', 503);
    expect((await clock.run(ticket.replace(comment as never, { base }))).outcome).toBe('applied');
    expect(posted).toEqual(['Called back']);
  });
});
