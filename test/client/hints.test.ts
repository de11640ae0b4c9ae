import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientOf, gate, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';

const tag = (name: string) => (note: Note) => void note.tags.push(name);
const all = ['GET 200 "v1"', 'PUT 204 "v1"'];

/** The channels that are open in this process. */
const open = new Set<BroadcastChannel>();
class CountedChannel extends BroadcastChannel {
  constructor(name: string) {
    super(name);
    open.add(this);
  }
  override close(): void {
    open.delete(this);
    super.close();
  }
}

/** A page that listens to its own coming and going. */
function openPage() {
  const page = new EventTarget();
  const listeners = new Set<unknown>();
  const note =
    (does: 'add' | 'delete', how: 'addEventListener' | 'removeEventListener') =>
    (kind: string, listener: EventListener): void => {
      listeners[does](listener);
      page[how](kind, listener);
    };
  vi.stubGlobal('addEventListener', note('add', 'addEventListener'));
  vi.stubGlobal('removeEventListener', note('delete', 'removeEventListener'));
  return {
    listeners,
    hide: () => page.dispatchEvent(new Event('pagehide')),
    show: () => page.dispatchEvent(new Event('pageshow')),
  };
}

/** Lets what is left to do after an update be done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('BroadcastChannel', CountedChannel);
});
afterEach(async () => {
  await settled();
  vi.runAllTimers();
  expect(open.size).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the channel of a client', () => {
  it('is not there before the first update, however many clients are made and extended', () => {
    const { api } = clientOf(new Origin({ title: 'a', tags: [] }), { acrossTabs: true });
    for (let made = 0; made < 10; made += 1) api.extend({}).extend({});
    expect(open.size).toBe(0);
  });

  it('is one for all that extend it, and is closed a moment after the last use', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { api, note } = clientOf(origin, { acrossTabs: true });
    await note.update(tag('1'));
    for (const more of [api.extend({}), api.extend({}).extend({})]) {
      await more.resource('notes/:id', { id: '42' }).update((draft) => tag('2')(draft));
      await more.put('notes/43', { json: { title: 'b', tags: [] }, headers: { 'if-match': origin.tag } });
      expect(open.size).toBe(1);
    }
    await settled();
    vi.advanceTimersByTime(1_000);
    expect(open.size).toBe(1);
    vi.advanceTimersByTime(500);
    expect(open.size).toBe(0);
  });

  it('stays open while an update is under way', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const answer = gate();
    const asked = gate();
    origin.once('GET', async () => {
      asked.open();
      await answer.opened;
      return undefined;
    });
    const { note } = clientOf(origin, { acrossTabs: true, clock: new VirtualClock() });
    const updated = note.update(tag('1'));
    await asked.opened;
    vi.advanceTimersByTime(2_000);
    expect(open.size).toBe(1);
    answer.open();
    await updated;
    expect(origin.log).toEqual(all);
  });

  it('does not hide from one that extends a client what that one has written', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { api, note } = clientOf(origin, { acrossTabs: true });
    const other = api.extend({}).resource('notes/:id', { id: '42' });
    await note.update(tag('1'));
    await other.update((draft) => tag('2')(draft));
    origin.log.splice(0);
    await note.update(tag('3'));
    expect(origin.log).toEqual(['GET 200 "v3"', 'PUT 204 "v3"']);
    await note.update(tag('4'));
    expect(origin.log).toEqual(['GET 200 "v3"', 'PUT 204 "v3"', 'PUT 204 "v4"']);
  });
});

describe('a page that goes away, and may come back', () => {
  it('has no channel meanwhile, and then knows nothing of what it had kept', async () => {
    const page = openPage();
    const origin = new Origin({ title: 'a', tags: [] });
    const { note } = clientOf(origin, { acrossTabs: true });
    await note.update(tag('1'));
    await note.update(tag('2'));
    expect(origin.log.splice(0)).toEqual([...all, 'PUT 204 "v2"']);
    await settled();
    page.hide();
    expect(open.size).toBe(0);
    expect(page.listeners.size).toBe(0);
    page.show();
    await note.update(tag('3'));
    expect(origin.log).toEqual(['GET 200 "v3"', 'PUT 204 "v3"']);
    expect(open.size).toBe(1);
  });

  it('keeps nothing of an update that it was away from, and hears again after it', async () => {
    const page = openPage();
    const origin = new Origin({ title: 'a', tags: [] });
    const [asked, answer] = [gate(), gate()];
    origin.once('PUT', async () => {
      asked.open();
      await answer.opened;
      return undefined;
    });
    const { note } = clientOf(origin, { acrossTabs: true });
    const updated = note.update(tag('1'));
    await asked.opened;
    page.hide();
    expect(open.size).toBe(0);
    page.show();
    answer.open();
    await updated;
    await settled();
    expect(open.size).toBe(1);
    await note.update(tag('2'));
    expect(origin.log).toEqual([...all, 'GET 200 "v2"', 'PUT 204 "v2"']);
    await settled();
    vi.runAllTimers();
    expect(page.listeners.size).toBe(0);
  });
});
