import { createClient, threeWay } from 'remerge';
import { createClock, createOrigin } from 'remerge/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.useRealTimers();
});

/** Saves against a server that is silent, with a limit of 30 seconds. */
async function timedOut(): Promise<readonly [code: unknown, took: number]> {
  const clock = createClock();
  const origin = createOrigin({ 'notes/1': { title: 'Groceries' } }, { clock, delay: 3_600_000 });
  const api = createClient({
    baseUrl: origin.url,
    fetch: origin.fetch,
    clock,
    routes: { 'notes/:id': { merge: threeWay(), timeout: 30_000, totalTimeout: 30_000 } },
  });
  const note = api.resource('notes/:id', { id: '1' });
  const base = await note.read();
  origin.next('PUT', 'slow');
  const before = clock.now();
  const saving = note.replace({ title: 'Food' }, { base });
  const code = await clock.run(saving).catch((error: unknown) => (error as { code?: string }).code);
  expect(clock.timers).toBe(0);
  return [code, clock.now() - before];
}

describe('a test clock', () => {
  it('ends a timeout of 30 seconds with no wait', async () => {
    expect(await timedOut()).toEqual(['timeout', 30_000]);
  });

  it('does so while fake timers are on, and leaves them alone', async () => {
    vi.useFakeTimers();
    const fire = vi.fn();
    setTimeout(fire, 1000);
    expect(await timedOut()).toEqual(['timeout', 30_000]);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(fire).toHaveBeenCalledOnce();
  });

  it('fires what is due, in its order, as time passes', async () => {
    const clock = createClock({ now: 0 });
    const fired: number[] = [];
    for (const delay of [30, 10, 20, 50]) clock.after(delay, () => fired.push(clock.now()));
    const cancel = clock.after(15, () => fired.push(-1));
    cancel();
    await clock.pass(40);
    expect([fired, clock.now(), clock.timers]).toEqual([[10, 20, 30], 40, 1]);
  });

  it('tells that nothing will settle a promise', async () => {
    await expect(createClock().run(new Promise(() => undefined))).rejects.toThrow('nothing will settle it');
  });

  it('has chance and ids that a test can tell beforehand', () => {
    const clock = createClock({ random: () => 0.25 });
    expect([clock.random(), clock.id(), clock.id()]).toEqual([0.25, 'id-1', 'id-2']);
  });
});
