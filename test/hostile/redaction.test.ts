import fc from 'fast-check';
import { isHTTPError, isTimeoutError } from 'ky';
import {
  createClient,
  isRecoveryError,
  keepLocal,
  recoveryOf,
  withConflictRecovery,
  type Recovery,
  type RecoveringInit,
  type RecoveryEvent,
  type StopCode,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';
import { answers, fails, leaking, note, shows } from './leaks.ts';
import { quoting, scenes, type Scene } from './scenes.ts';
import { logsOf, Secrets } from './secrets.ts';
import { slow } from './streams.ts';

const alphabet = 'a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D E F G H';
const seeds = fc.array(
  fc.string({ unit: fc.constantFrom(...alphabet.split(' ')), minLength: 12, maxLength: 24 }),
  {
    minLength: 3,
    maxLength: 9,
  },
);

/** Plays a scene, and gives what came of it with all that was told on the way. */
type Play = (
  scene: Scene,
  secrets: Secrets,
) => Promise<{ outcome: unknown; events: readonly RecoveryEvent[] }>;

function setting({ serve, init }: Scene, { plant }: Secrets) {
  const origin = new Origin({ n: plant() });
  origin.change({ n: plant() });
  serve?.(origin, plant);
  const said = init?.(plant) ?? {};
  const headers: Record<string, string> = { 'content-type': 'application/json', 'if-match': '"v1"' };
  if (said.headers) delete headers['if-match'];
  const call: RecoveringInit = {
    method: 'PUT',
    body: JSON.stringify({ n: plant() }),
    ...said,
    headers: {
      ...headers,
      'x-csrf-token': plant(),
      cookie: `session=${plant()}`,
      ...(said.headers as Record<string, string>),
    },
  };
  const events: RecoveryEvent[] = [];
  return {
    origin,
    call,
    events,
    clock: new VirtualClock(),
    onEvent: (event: RecoveryEvent) => events.push(event),
  };
}

const throughFetch: Play = async (scene, secrets) => {
  const { plant } = secrets;
  const { origin, call, events, clock, onEvent } = setting(scene, secrets);
  // A fetch that takes a name and a password in an address, as some do.
  const lenient: typeof fetch = (input, init) => {
    const url = new URL(input as string);
    url.username = url.password = '';
    return origin.fetch(url, init);
  };
  const { budget, ...options } = scene.options?.(plant) ?? {};
  const recovering = withConflictRecovery(lenient, {
    ...{ clock, onEvent, ...(budget && { budget }) },
    defaults: { merge: keepLocal(), ...options },
  });
  const address = `https://${plant()}:${plant()}@api.test/notes/42?token=${plant()}#${plant()}`;
  const headers = { ...(call.headers as Record<string, string>), authorization: `Bearer ${plant()}` };
  const outcome: unknown = await clock.run(
    recovering(address, { ...call, headers }).catch((error: unknown) => error),
  );
  return { outcome, events };
};

const throughClient: Play = async (scene, secrets) => {
  const { plant } = secrets;
  const { origin, call, events, clock, onEvent } = setting(scene, secrets);
  const { budget, ...options } = scene.options?.(plant) ?? {};
  const client = createClient({
    baseUrl: 'https://api.test/',
    fetch: origin.fetch,
    headers: () => ({ authorization: `Bearer ${plant()}`, 'x-api-key': plant() }),
    ...{ clock, onEvent, ...(budget && { budget }) },
    routes: { 'notes/:id': { merge: keepLocal(), ...options } },
  });
  const outcome: unknown = await clock.run(
    client(`notes/42?token=${plant()}`, { ...call, searchParams: { key: plant() } }).catch(
      (error: unknown) => error,
    ),
  );
  return { outcome, events };
};

const plays = { 'a wrapped fetch': throughFetch, 'a client': throughClient };
const cases = Object.entries(scenes).flatMap(([code, all]) =>
  all.flatMap((scene: Scene, index) =>
    Object.entries(plays).map(([name, play]) => [code as StopCode, name, index + 1, scene, play] as const),
  ),
);

describe('a write that stops', () => {
  it.each(cases)('with %s, through %s (%i), gives no secret away', async (code, name, _, scene, play) => {
    const property = fc.asyncProperty(seeds, async (some) => {
      const secrets = new Secrets(some);
      const { outcome, events } = await play(scene, secrets);
      const report = recoveryOf(outcome);
      expect(report).toMatchObject({ code });
      expect(secrets.planted.length).toBeGreaterThan(6);
      expect(events.at(-1)).toMatchObject({ kind: 'end', recovery: { code } });

      const told: unknown[] = [report, ...events];
      const isOwn = scene.own === 'both' || (scene.own === 'fetch' && name === 'a wrapped fetch');
      if (outcome instanceof Error && !isOwn) {
        expect(isRecoveryError(outcome)).toBe(true);
        told.push(outcome);
      }
      for (const each of told) expect(secrets.in(logsOf(each))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 4, seed: 5 });
  });
});

describe('a write that is made', () => {
  const endings: Record<
    Exclude<Recovery['outcome'], 'failed'>,
    (origin: Origin, plant: () => string) => unknown
  > = {
    applied: (origin, plant) =>
      origin.once('PUT', () => Response.json({ ok: plant() }, { headers: leaking(plant) })),
    merged: (origin, plant) => origin.overtake({ n: plant() }),
    unchanged: (origin) =>
      origin
        .once('PUT', () => new Response('', { status: 412 }))
        .once('GET', () => Response.json({ n: 'ours' }, { headers: { etag: '"v9"' } })),
    'already-applied': (origin, plant) =>
      origin.lose('PUT', 'after', new TypeError(`no answer of https://api.test/?b=${plant()}`)),
    accepted: (origin, plant) =>
      origin.once('PUT', () => Response.json({ job: plant() }, { status: 202, headers: leaking(plant) })),
  };

  it.each(Object.entries(endings))('%s gives no secret away but in its value', async (outcome, serve) => {
    const property = fc.asyncProperty(seeds, async (some) => {
      const secrets = new Secrets(some);
      const { plant } = secrets;
      const events: RecoveryEvent[] = [];
      const clock = new VirtualClock();
      const origin = new Origin({ n: plant() });
      const client = createClient({
        baseUrl: 'https://api.test/',
        fetch: origin.fetch,
        headers: () => ({ authorization: `Bearer ${plant()}` }),
        ...{ clock, onEvent: (event: RecoveryEvent) => events.push(event) },
        routes: { 'notes/:id': { merge: keepLocal(), schema: quoting(() => true) } },
      });
      const note = client.resource('notes/:id', { id: '42' });
      const base = await clock.run(note.read());
      serve(origin, plant);
      const result = await clock.run(
        note.replace({ n: outcome === 'unchanged' ? 'ours' : plant() }, { base }),
      );
      expect(result).toMatchObject({ outcome, response: { ok: true } });
      const values = JSON.stringify([base.value, result.value]);
      for (const each of [base, result, recoveryOf(result.response), ...events])
        expect(secrets.in(logsOf(each)).filter((secret) => !values.includes(secret))).toEqual([]);
      expect(secrets.in(logsOf([recoveryOf(result.response), ...events]))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 10, seed: 5 });
  });
});

describe('an update that fails', () => {
  it.each<[string, Scene]>([
    ['as its read is refused', { serve: (origin, plant) => shows(403, note)(origin, plant) }],
    ['as its read finds no server', { serve: fails('GET', 'ECONNREFUSED', 'fetch failed') }],
    [
      'as its read shows no state',
      { serve: (origin, plant) => shows(200, (secret) => `<${secret()}>`)(origin, plant) },
    ],
    ['as its write is refused', { serve: (origin, plant) => answers(403)(origin, plant) }],
    ['as its write finds no answer', { serve: fails('PUT', 'ECONNRESET', 'fetch failed') }],
  ])('%s gives no secret away', async (_, { serve }) => {
    const property = fc.asyncProperty(seeds, async (some) => {
      const secrets = new Secrets(some);
      const { plant } = secrets;
      const origin = new Origin({ n: plant() });
      serve?.(origin, plant);
      const clock = new VirtualClock();
      const routes = { 'notes/:id': {} };
      const kys = {
        fetch: origin.fetch,
        retry: 0,
        headers: { 'x-api-key': plant() },
      };
      const client = createClient({ baseUrl: 'https://api.test/', clock, routes, ...kys });
      const update = client
        .resource('notes/:id', { id: '42' })
        .update(() => ({ n: plant() }), { recovery: { retry: 3 } });
      const error = await clock.run(rejectionOf(update));
      if (!isRecoveryError(error)) throw error;
      for (const each of [error, recoveryOf(error)]) expect(secrets.in(logsOf(each))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 10, seed: 5 });
  });
});

describe('what no log shows', () => {
  const secrets = new Secrets(['secret']);

  function refused() {
    const origin = new Origin({ n: secrets.plant() });
    answers(403)(origin, secrets.plant);
    const client = createClient({
      baseUrl: 'https://api.test/',
      fetch: origin.fetch,
      routes: { 'notes/:id': {} },
    });
    const call = (path: string) =>
      rejectionOf(
        client.put(`${path}?token=${secrets.plant()}`, {
          json: { n: secrets.plant() },
          headers: { 'x-api-key': secrets.plant() },
        }),
      );
    return { origin, call };
  }

  it('is there for whoever asks for it by its name', async () => {
    const { call } = refused();
    const error = await call('notes/42');
    if (!isRecoveryError(error)) throw error;
    const { cause, response } = error;
    if (!isHTTPError(cause)) throw error;
    expect(secrets.in(JSON.stringify(cause.data))).toHaveLength(1);
    expect(secrets.in(cause.request.url)).toHaveLength(1);
    expect(secrets.in(String(cause.request.headers.get('x-api-key')))).toHaveLength(1);
    expect(secrets.in(String(response?.headers.get('set-cookie')))).toHaveLength(1);
    expect(cause.message).toBe('Request failed with status code 403: PUT https://api.test/notes/42');
    expect(cause.stack).toContain('at ');
  });

  it('is in the errors that ky throws by itself, so it would be found here', async () => {
    const { origin, call } = refused();
    answers(403)(origin, secrets.plant);
    const error = await call('people/7');
    expect(isHTTPError(error)).toBe(true);
    expect(secrets.in(logsOf(error)).length).toBeGreaterThan(3);
  });

  it('is not in what a body that comes too late rejects with', async () => {
    const clock = new VirtualClock();
    const origin = new Origin({ n: 1 }).once('PUT', () => new Response(slow(clock).body));
    const client = createClient({
      baseUrl: 'https://api.test/',
      clock,
      fetch: origin.fetch,
      routes: { 'notes/:id': {} },
    });
    const address = `notes/42?token=${secrets.plant()}`;
    const error = await clock.run(rejectionOf(client.put(address, { json: { n: secrets.plant() } }).json()));
    expect(isTimeoutError(error)).toBe(true);
    expect(secrets.in(logsOf(error))).toEqual([]);
  });

  it('is not in what a token that no header can have comes to', async () => {
    const origin = new Origin({ n: 1 });
    const headers = () => ({ authorization: `Bearer ${secrets.plant()}\n\0` });
    const client = createClient({
      baseUrl: 'https://api.test/',
      headers,
      fetch: origin.fetch,
      routes: { 'notes/:id': {} },
    });
    const error = await rejectionOf(client.put('notes/42', { json: {} }));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toContain('line break');
    expect(secrets.in(logsOf(error))).toEqual([]);
    expect(origin.requests).toEqual([]);
  });

  it('is in no error of several that are behind one', async () => {
    const secrets = new Secrets(['aVeryGoodSecret', 'another']);
    const { plant } = secrets;
    const at = (): Error => new Error(`GET https://api.test/x?key=${plant()} failed`);
    const inner = new AggregateError([at()], 'inner', { cause: at() });
    const all = Object.assign(new AggregateError([at(), inner, 'no error'], 'all failed'), { data: plant() });
    // It is behind itself, too.
    inner.errors.push(all);
    const failing = () => Promise.reject(new TypeError('fetch failed', { cause: all }));
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(failing, { clock, defaults: { merge: keepLocal() } });
    const error = await rejectionOf(
      clock.run(recovering('https://api.test/notes/42', { method: 'PUT', body: '{}' })),
    );
    expect(isRecoveryError(error) && error.cause).toMatchObject({ cause: all });
    expect(secrets.planted).toHaveLength(4);
    expect(secrets.in(logsOf(error))).toEqual([]);
  });

  it('is not looked for in what is the caller’s own', async () => {
    const own = Object.freeze(new Error('see https://wiki.test/?page=merge#top'));
    const merge = () => Promise.reject(own);
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const recovering = withConflictRecovery(origin.fetch, { defaults: { merge } });
    const error = await rejectionOf(
      recovering('https://api.test/notes/42', { method: 'PUT', body: '{}', headers: { 'if-match': '"v1"' } }),
    );
    expect(error).toBe(own);
    expect(own.message).toBe('see https://wiki.test/?page=merge#top');
    expect(recoveryOf(own)).toMatchObject({ code: 'merge-error', cause: own });
    expect(logsOf(recoveryOf(own))).not.toContain('wiki');
  });
});
