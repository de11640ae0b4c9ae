import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clientOf, gate, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';
import { crowdTime, startingTime } from '../support/time.ts';

const address = 'https://api.test/notes/42';
const tag = (name: string) => (note: Note) => void note.tags.push(name);
const tagsOf = (origin: Origin): string[] => (origin.value as Note).tags;
const countOf = (origin: Origin, status: number): number =>
  origin.log.filter((line) => line.startsWith(`PUT ${String(status)}`)).length;

/** The same page in several tabs: a client in each. They share locks and channels, as tabs of one origin do. */
function tabs(origin: Origin, count: number, acrossTabs = true) {
  return Array.from(
    { length: count },
    () => clientOf(origin, { acrossTabs, defaults: { retry: { jitter: false, delay: () => 1 } } }).note,
  );
}

/** Tags that each tab adds, one after another. */
async function write(notes: ReturnType<typeof tabs>, turns = 5) {
  await Promise.all(
    notes.map(async (note, tab) => {
      for (let turn = 0; turn < turns; turn += 1) await note.update(tag(`${String(tab)}.${String(turn)}`));
    }),
  );
}

/** What is told on the channel of the hints until a test has heard enough. */
function listen() {
  const channel = new BroadcastChannel('remerge');
  const told: unknown[] = [];
  const waiting = gate();
  channel.onmessage = ({ data }) => {
    told.push(data);
    waiting.open();
  };
  return { told, first: waiting.opened, close: () => channel.close() };
}

/** A way to the origin that takes so many milliseconds of virtual time, there and back. */
function slow({ fetch }: Pick<Origin, 'fetch'>, clock: VirtualClock, milliseconds: number): typeof fetch {
  const way = () => new Promise<void>((resolve) => void clock.after(milliseconds / 2, resolve));
  return async (input, init) => {
    await way();
    const response = await fetch(input, init);
    await way();
    return response;
  };
}

/** Tabs that are `milliseconds` away from the origin. */
function farTabs(
  origin: Origin,
  clock: VirtualClock,
  count: number,
  milliseconds: number,
  acrossTabs = true,
) {
  const fetch = slow(origin, clock, milliseconds);
  return Array.from({ length: count }, () => clientOf({ fetch }, { acrossTabs, clock }).note);
}

/** A tab that has the turn and does nothing with it. */
async function freeze() {
  const [taken, thawed] = [gate(), gate()];
  const over = navigator.locks
    .request(`remerge ${address}`, async () => {
      taken.open();
      await thawed.opened;
    })
    .catch((error: unknown) => error);
  await taken.opened;
  return { thaw: thawed.open, over };
}

/** An origin's fetch of which the first read never comes back. */
function deaf({ fetch }: Origin): typeof fetch {
  let isFirst = true;
  return async (input, init) => {
    const isHeard = !isFirst;
    isFirst = false;
    return isHeard ? fetch(input, init) : await new Promise<never>(() => undefined);
  };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('tabs that take turns', () => {
  it('do not refuse each other, and lose nothing', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    await write(tabs(origin, 4));
    expect(new Set(tagsOf(origin)).size).toBe(20);
    expect(tagsOf(origin)).toHaveLength(20);
    expect(countOf(origin, 204)).toBe(20);
    expect(countOf(origin, 412)).toBe(0);
  });

  it('meet conflicts if they are not told to, and lose nothing either', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    await write(tabs(origin, 4, false));
    expect(tagsOf(origin)).toHaveLength(20);
    expect(countOf(origin, 412)).toBeGreaterThan(0);
  });

  it('begin with a read where another has written since, and with none where nobody has', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const [one, other] = tabs(origin, 2);
    await one?.update(tag('1'));
    await one?.update(tag('2'));
    expect(origin.log.splice(0)).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'PUT 204 "v2"']);
    const heard = listen();
    await other?.update(tag('3'));
    await heard.first;
    origin.log.splice(0);
    await one?.update(tag('4'));
    expect(origin.log).toEqual(['GET 200 "v4"', 'PUT 204 "v4"']);
    heard.close();
  });

  it('hear where something moved, by any verb, and not what it is', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { api } = clientOf(origin, { acrossTabs: true });
    const heard = listen();
    await api.put('notes/42?token=secret', {
      json: { title: 'b', tags: [] },
      headers: { 'if-match': '"v1"' },
    });
    await heard.first;
    expect(heard.told).toEqual([address]);
    heard.close();
  });
});

describe('many tabs, each of which has its turn in time', { timeout: crowdTime }, () => {
  it('are patient, however long the queue is', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    await clock.run(write(farTabs(origin, clock, 30, 80), 2));
    expect(countOf(origin, 204)).toBe(60);
    expect(countOf(origin, 412)).toBe(0);
  });

  it('do not wait longer than a third of the time that they have', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    // Of a holder that can't be seen nobody can say how long it has had the turn.
    vi.spyOn(navigator.locks, 'query').mockResolvedValue({ held: [], pending: [] });
    const frozen = await freeze();
    const begun = clock.now();
    await clock.run(
      clientOf(origin, { acrossTabs: true, clock, totalTimeout: 15_000 }).note.update(tag('1')),
    );
    expect(clock.now() - begun).toBe(5_000);
    frozen.thaw();
    expect(await frozen.over).toBeUndefined();
  });

  it('still make as many updates as without turns where the queue is too long for the time that they have', async () => {
    const made = async (acrossTabs: boolean): Promise<number> => {
      const origin = new Origin({ title: 'a', tags: [] });
      const clock = new VirtualClock();
      const tabs = farTabs(origin, clock, 24, 1_500, acrossTabs);
      const ends = await clock.run(Promise.allSettled(tabs.map((note, tab) => note.update(tag(`${tab}`)))));
      return ends.filter(({ status }) => status === 'fulfilled').length;
    };
    const without = await made(false);
    expect(without).toBeLessThan(24);
    expect(await made(true)).toBeGreaterThanOrEqual(without);
  });
});

describe('a tab whose turn does not end', () => {
  it('holds the others up for two seconds, once', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    const { note } = clientOf(origin, { acrossTabs: true, clock });
    const frozen = await freeze();
    const begun = clock.now();
    await clock.run(note.update(tag('1')));
    expect(clock.now() - begun).toBe(2_000);
    await clock.run(note.update(tag('2')));
    expect(clock.now() - begun).toBe(2_000);
    expect(tagsOf(origin)).toEqual(['1', '2']);
    expect(clock.timers).toBe(0);
    frozen.thaw();
    expect(await frozen.over).toMatchObject({ name: 'AbortError' });
  });

  it('loses it to one of those who wait, and the others go on waiting', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    const frozen = await freeze();
    const begun = clock.now();
    await clock.run(write(farTabs(origin, clock, 8, 100), 1));
    expect(countOf(origin, 204)).toBe(8);
    expect(countOf(origin, 412)).toBe(0);
    // Two seconds, and eight turns of two requests.
    expect(clock.now() - begun).toBe(3_600);
    frozen.thaw();
    await frozen.over;
  });

  it('loses it to one alone, though all who wait have seen the same', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    const look = navigator.locks.query.bind(navigator.locks);
    vi.spyOn(navigator.locks, 'query').mockImplementation(async () => {
      const seen = await look();
      await new Promise<void>((resolve) => void clock.after(10, resolve));
      return seen;
    });
    const frozen = await freeze();
    await clock.run(write(farTabs(origin, clock, 8, 100), 1));
    expect(countOf(origin, 204)).toBe(8);
    expect(countOf(origin, 412)).toBe(0);
    frozen.thaw();
    expect(await frozen.over).toMatchObject({ name: 'AbortError' });
  });

  it('loses it also in the midst of the queue, and if it had taken the turn itself', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    const frozen = await freeze();
    const stuck = [1, 2].map(
      () =>
        clientOf({ fetch: deaf(origin) }, { acrossTabs: true, clock, timeout: false, totalTimeout: false })
          .note,
    );
    const leaving = new AbortController();
    const gone = stuck.map((note) => rejectionOf(note.update(tag('never'), { signal: leaving.signal })));
    const begun = clock.now();
    await clock.run(write(farTabs(origin, clock, 4, 100), 1));
    expect(countOf(origin, 204)).toBe(4);
    expect(countOf(origin, 412)).toBe(0);
    // Three turns were taken, each as soon as somebody had seen it last for two seconds; whoever waits looks twice a second.
    expect(clock.now() - begun).toBeGreaterThan(6_000);
    expect(clock.now() - begun).toBeLessThanOrEqual(3 * 2_500 + 800);
    leaving.abort(new Error('I am off'));
    await Promise.all(gone);
    frozen.thaw();
    await frozen.over;
    expect(clock.timers).toBe(0);
  });

  it('does not hold up one who goes: nothing is sent for it, and its place is free', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note } = clientOf(origin, { acrossTabs: true });
    const [taken, thawed] = [gate(), gate()];
    const held = navigator.locks.request(`remerge ${address}`, async () => {
      taken.open();
      await thawed.opened;
    });
    await taken.opened;
    const leaving = new AbortController();
    const gone = rejectionOf(note.update(tag('1'), { signal: leaving.signal }));
    leaving.abort(new Error('I am off'));
    expect(await gone).toMatchObject({ message: 'I am off' });
    thawed.open();
    await held;
    await note.update(tag('2'));
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(tagsOf(origin)).toEqual(['2']);
  });
});

describe('a read for an update', () => {
  it('passes the cache by, so that it never waits for the read of another tab', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    await clientOf(origin).note.update(tag('1'));
    expect(origin.requests.map(({ method, cache }) => [method, cache])).toEqual([
      ['GET', 'no-store'],
      ['PUT', 'default'],
    ]);
  });
});

describe('a platform', { timeout: startingTime }, () => {
  it.each([
    ['has no locks', () => vi.stubGlobal('navigator', {})],
    ['has no navigator', () => vi.stubGlobal('navigator', undefined)],
    ['has no channels', () => vi.stubGlobal('BroadcastChannel', undefined)],
    [
      'allows no locks',
      () =>
        vi.stubGlobal('navigator', {
          locks: { request: () => Promise.reject(new DOMException('Not here', 'SecurityError')) },
        }),
    ],
  ])('that %s updates all the same', async (_, take) => {
    take();
    const origin = new Origin({ title: 'a', tags: [] });
    await write(tabs(origin, 2));
    expect(tagsOf(origin)).toHaveLength(10);
  });

  it('that waits for nothing else ends: Node does not stay for a hint', async () => {
    expect(await runNode("createClient({ acrossTabs: true }); console.log('made');")).toBe('made\n');
    const ended = await runNode(`
      const { fetch } = ${fetchText};
      const api = createClient({ baseUrl: 'https://api.test/', fetch, acrossTabs: true, routes: { 'notes/:id': {} } });
      await api.resource('notes/:id', { id: 42 }).update((note) => void (note.title = 'b'));
      setImmediate(() => console.log(process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap')));
    `);
    expect(ended).toBe('[]\n');
  });

  it('that shows a thread only its own locks is not asked to take one of another thread, which would end it', async () => {
    const worker = `
      import('${built}').then(async ({ createClient }) => {
        let time = 0;
        // Only the looks at the queue take place; no time is up.
        const after = (delay, callback) => {
          const timer = setImmediate(() => delay <= 1_000 && ((time += delay), callback()));
          return () => clearImmediate(timer);
        };
        const clock = { now: () => time, random: Math.random, id: () => crypto.randomUUID(), after };
        const { fetch } = ${fetchText};
        const api = createClient({ baseUrl: 'https://api.test/', fetch, clock, timeout: false, acrossTabs: true, routes: { 'notes/:id': {} } });
        const { outcome } = await api.resource('notes/:id', { id: 42 }).update((note) => void (note.title = 'b'));
        (await import('node:worker_threads')).parentPort.postMessage(outcome);
      });
    `;
    const told = await runNode(`
      const { Worker } = await import('node:worker_threads');
      await navigator.locks.request('remerge ${address}', async () => {
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
        console.log(await new Promise((resolve) => worker.on('message', resolve)));
      });
    `);
    expect(told).toBe('applied\n');
  });
});

const built = new URL('../../dist/index.js', import.meta.url).href;

/** A server of one note, as the text of a program. */
const fetchText = `{
  fetch: async ({ method }) => method === 'GET'
    ? Response.json({ title: 'a' }, { headers: { etag: '"v1"' } })
    : new Response(null, { status: 204, headers: { etag: '"v2"' } })
}`;

/** Runs a program in a process of its own, with the built package. */
async function runNode(program: string): Promise<string> {
  const text = `const { createClient } = await import('${built}'); ${program}`;
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text])).stdout;
}
