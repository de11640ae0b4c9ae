import { HTTPError, type BeforeRequestHook } from 'ky';
import { RecoveryError, recoveryOf, type RecoveryEvent } from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';

const note = { title: 'a', tags: [] };
const own = new Error('signed out');

/** What a hook does to a write, the signal of the call, and the end of which the listener hears. */
const hooks: Readonly<Record<string, { end: string; hook: BeforeRequestHook; signal?: AbortSignal }>> = {
  throws: {
    end: 'network-error',
    hook() {
      throw own;
    },
  },
  'never ends': { end: 'timeout', hook: () => new Promise(() => undefined) },
  'waits for what is aborted': {
    end: 'abort',
    hook: () => undefined,
    signal: AbortSignal.abort(new Error('early')),
  },
  'meets an abort by a text': { end: 'abort', hook: () => undefined, signal: AbortSignal.abort('early') },
  answers: { end: 'applied', hook: () => new Response(null, { status: 204 }) },
  refuses: { end: 'not-a-conflict', hook: () => new Response(null, { status: 409 }) },
};

/** A client with a hook for its writes, and the ends that its listener hears. */
function hooked(hook: BeforeRequestHook) {
  const ends: string[] = [];
  const clock = new VirtualClock();
  const origin = new Origin(note);
  const client = clientOf(origin, {
    clock,
    totalTimeout: 5_000,
    hooks: { beforeRequest: [(state) => (state.request.method === 'GET' ? undefined : hook(state))] },
    onEvent(event: RecoveryEvent) {
      if (event.kind === 'end')
        ends.push(event.recovery.outcome === 'failed' ? event.recovery.code : event.recovery.outcome);
    },
  });
  return { ...client, clock, origin, ends };
}

type Writer = ReturnType<typeof hooked>;

const calls: Readonly<
  Record<string, (writer: Writer, signal: { signal?: AbortSignal }) => Promise<unknown>>
> = {
  'a verb': ({ api }, signal) => Promise.resolve(api.put('notes/42', { json: note, ...signal })),
  'a replace': async ({ note: handle }, signal) =>
    handle.replace(note, { base: await handle.read(), ...signal }),
  'a patch': async ({ note: handle }, signal) =>
    handle.patch({ title: 'b' }, { base: await handle.read(), ...signal }),
  'a create': ({ note: handle }, signal) => handle.create(note, signal),
  'a delete': async ({ note: handle }, signal) => handle.delete({ base: await handle.read(), ...signal }),
  'an update': ({ note: handle }, signal) => handle.update((draft) => void draft.tags.push('x'), signal),
};

describe.each(Object.entries(hooks))('a write whose hook %s', (_, { end, hook, signal }) => {
  it.each(Object.entries(calls))(`ends in one event, and isn't sent: %s`, async (_, call) => {
    const writer = hooked(hook);
    await writer.clock.run(call(writer, signal ? { signal } : {})).catch(() => undefined);
    expect(writer.ends).toEqual([end]);
    expect(writer.origin.log.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });
});

describe('a write that a hook ends', () => {
  it('rejects with the error of the hook, with the report of an abort, or with a RecoveryError', async () => {
    const rejection = async (name: keyof typeof hooks) => {
      const { hook = () => undefined, signal } = hooks[name] ?? {};
      const writer = hooked(hook);
      return writer.clock.run(rejectionOf(calls['a replace']?.(writer, signal ? { signal } : {}) as never));
    };
    expect(await rejection('throws')).toBe(own);
    expect(await rejection('never ends')).toBeInstanceOf(RecoveryError);
    const aborted = await rejection('waits for what is aborted');
    expect(recoveryOf(aborted)).toMatchObject({ code: 'abort', maybeApplied: false, attempts: [] });
    expect(await rejection('refuses')).toBeInstanceOf(HTTPError);
  });
});
