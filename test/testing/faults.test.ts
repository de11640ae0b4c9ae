import { createClient, isRecoveryError, threeWay } from 'remerge';
import { createClock, createOrigin, type OriginOptions } from 'remerge/testing';
import { describe, expect, it } from 'vitest';

const note = { title: 'Groceries', body: 'Milk' };

function open(options: OriginOptions = {}) {
  const clock = createClock();
  const origin = createOrigin({ 'notes/1': note }, { clock, ...options });
  const api = createClient({
    baseUrl: origin.url,
    fetch: origin.fetch,
    clock,
    // ky sends a read that failed again by the system's clock.
    retry: 0,
    routes: { 'notes/:id': { merge: threeWay<typeof note>() } },
  });
  const handle = api.resource('notes/:id', { id: '1' });
  return {
    origin,
    clock,
    /** Saves a title, and returns how that ended: its outcome, or the code of its error. */
    save: async (title: string): Promise<string> => {
      const base = await handle.read();
      const saving = handle.replace({ ...base.value, title }, { base });
      return clock.run(saving).then(
        ({ outcome }) => outcome,
        (error: unknown) => (isRecoveryError(error) ? error.code : String(error)),
      );
    },
  };
}

describe('a fault by script', () => {
  it.each([
    ['lose-request', 'applied', ['PUT lost "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']],
    ['lose-answer', 'already-applied', ['PUT 204 "v1", answer lost', 'GET 200 "v2"']],
    [500, 'applied', ['PUT 500 "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']],
    [408, 'applied', ['PUT 408 "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']],
    [503, 'applied', ['PUT 503 "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']],
    ['edit', 'merged', ['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']],
    ['delete', 'gone', ['PUT 412 "v1"', 'GET 404']],
    ['no-tag', 'applied', ['PUT 204 "v1"']],
  ] as const)('%s of a PUT ends as %s', async (fault, outcome, log) => {
    const { origin, save } = open();
    origin.next('PUT', fault);
    expect(await save('Food')).toBe(outcome);
    expect(origin.log.slice(1)).toEqual(log);
    if (outcome !== 'gone') expect(origin.value('notes/1')).toEqual({ ...note, title: 'Food' });
  });

  it.each([
    ['weak-tag', 'W/"v1"', 'version-weak'],
    ['gzip-tag', '"v1-gzip"', 'no-progress'],
    ['no-tag', '', 'version-missing'],
    ['hidden-tag', '', 'version-hidden'],
  ] as const)('%s shows every read the tag %s', async (fault, tag, code) => {
    const { origin, save } = open();
    for (let read = 0; read < 5; read += 1) origin.next('GET', fault);
    expect(await save('Food')).toBe(code);
    expect(origin.log[0]).toBe(`GET 200 ${tag}`.trimEnd());
    expect(origin.value('notes/1')).toEqual(note);
  });

  it('breaks off in the body, after the change was made', async () => {
    const { origin } = open({ answers: 'value' });
    origin.next('PUT', 'reset');
    const init = { method: 'PUT', headers: { 'if-match': '"v1"' }, body: JSON.stringify({ title: 'Food' }) };
    const response = await origin.fetch('notes/1', init);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(origin.value('notes/1')).toEqual({ title: 'Food' });
  });

  it('has a replica lag behind', async () => {
    const { origin } = open();
    origin.edit('notes/1', { title: 'Food' });
    origin.next('GET', 'stale-read');
    const seen = await origin.fetch('notes/1');
    expect([seen.headers.get('etag'), await seen.json()]).toEqual(['"v1"', note]);
    expect((await origin.fetch('notes/1')).headers.get('etag')).toBe('"v2"');
  });

  it('has another writer come first, who says what it writes', async () => {
    const { origin, save } = open({ rival: (state) => ({ ...(state as typeof note), body: 'Eggs' }) });
    origin.next('PUT', 'edit');
    expect(await save('Food')).toBe('merged');
    expect(origin.value('notes/1')).toEqual({ title: 'Food', body: 'Eggs' });
  });

  it('is a function, too, that answers or lets the request pass', async () => {
    const { origin, save } = open();
    origin.next('PUT', () => {
      origin.edit('notes/1', { body: 'Eggs' });
      return undefined;
    });
    origin.next('PUT', () => new Response('Sign in', { status: 401 }));
    expect(await save('Food')).toBe('not-a-conflict');
    expect(origin.log.slice(1)).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 401 "v2"']);
  });

  it('says when to come back', async () => {
    const { origin } = open();
    origin.next('PUT', 429);
    const response = await origin.fetch('notes/1', { method: 'PUT', body: '{}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('lets nothing arrive while the origin is offline', async () => {
    const { origin } = open();
    origin.offline = true;
    await expect(origin.fetch('notes/1')).rejects.toThrow(TypeError);
    origin.offline = false;
    expect((await origin.fetch('notes/1')).status).toBe(200);
    expect(origin.log).toEqual(['GET lost', 'GET 200 "v1"']);
  });

  it('lets an answer take its time by the clock, and an abort end it', async () => {
    const { origin, clock } = open({ delay: 30_000 });
    origin.next('GET', 'slow').next('GET', 'slow');
    const before = clock.now();
    expect((await clock.run(origin.fetch('notes/1'))).status).toBe(200);
    expect(clock.now() - before).toBe(30_000);
    const controller = new AbortController();
    const reading = origin.fetch('notes/1', { signal: controller.signal });
    clock.after(10, () => {
      controller.abort();
    });
    await expect(clock.run(reading)).rejects.toThrow('abort');
    expect(clock.timers).toBe(0);
  });
});

describe('faults by seed', () => {
  const kinds = ['lose-request', 'lose-answer', 503, 'edit'] as const;
  const run = async (seed: number) => {
    const { origin, save } = open({ faults: { seed, rate: 0.3, kinds } });
    const outcomes: string[] = [];
    for (let round = 0; round < 10; round += 1)
      outcomes.push(await save(`Food ${round}`).catch(() => 'unread'));
    return { outcomes, log: [...origin.log] };
  };

  it('are the same in each run, and others under another seed', async () => {
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).log).not.toEqual(first.log);
    expect(first.log.some((line) => line.includes('lost'))).toBe(true);
  });

  it('come as often as the rate says', async () => {
    const count = async (rate: number) => {
      const { origin } = open({ faults: { seed: 3, rate, kinds: [503] } });
      for (let read = 0; read < 200; read += 1) await origin.fetch('notes/1');
      return origin.log.filter((line) => line.includes('503')).length;
    };
    expect(await count(0)).toBe(0);
    expect(await count(1)).toBe(200);
    expect(Math.abs((await count(0.5)) - 100)).toBeLessThan(30);
  });
});
