import { createClient, threeWay, type Resource, type RouteOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { rejectionOf } from '../support/write.ts';
import { documents } from './documents.ts';
import { origin } from './network.ts';
import { tags } from './tagged.ts';
import { WireServer, type Document, type Note, type Wire } from './wire.ts';

interface Scene {
  readonly server: WireServer;
  readonly note: Resource<Document>;
  readonly clock: VirtualClock;
}

function open(wire: Wire, more: RouteOptions<Document> = {}): Scene {
  const server = new WireServer(wire);
  const clock = new VirtualClock();
  const route: RouteOptions<Document> = { merge: threeWay<Document>(), server: wire.preset, ...more };
  const api = createClient({ baseUrl: origin, clock, routes: { '*': route } });
  return { server, clock, note: api.resource('*', { '*': wire.path.slice(1) }) };
}

function valueAt(document: unknown, pointer: string): unknown {
  const steps = pointer.slice(1).split('/');
  return steps.reduce((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
}

/** A document with another note, but for what the server manages: that the caller didn't keep. */
function edited(
  { inside, preset }: Wire,
  document: unknown,
  change: Partial<Note>,
  without = preset.readOnly ?? [],
): Document {
  const whole = structuredClone(document) as Record<string, unknown>;
  for (const pointer of without) {
    const steps = pointer.slice(1).split('/');
    const holder = steps
      .slice(0, -1)
      .reduce<Record<string, unknown> | undefined>((at, step) => at?.[step] as never, whole);
    if (holder) Reflect.deleteProperty(holder, steps.at(-1) ?? '');
  }
  return inside === undefined
    ? { ...whole, ...change }
    : { ...whole, [inside]: { ...(whole[inside] as Note), ...change } };
}

describe.each([...documents, ...tags].map((wire) => [wire.family, wire.documented, wire] as const))(
  '%s, by %s',
  (_, __, wire) => {
    const { method = 'PUT' } = wire;

    it('has a stale write merged, and sent under the version of now', async () => {
      const { server, note } = open(wire);
      const base = await note.read();
      const first = server.version;
      server.change({ body: 'Milk, eggs' });
      const second = server.version;
      const saved = await note.replace(edited(wire, base.value, { title: 'Food' }), { base });
      expect(saved.outcome).toBe('merged');
      expect(server.note).toEqual({ title: 'Food', body: 'Milk, eggs' });
      expect(server.log).toEqual([
        'GET 200',
        `${method} ${wire.stale().status} ${first}`,
        'GET 200',
        `${method} ${wire.wrote({}, '').status} ${second}`,
      ]);
      // The members that the server manages are sent as it shows them.
      const sent: unknown = JSON.parse(server.bodies.at(-1) ?? '');
      for (const pointer of wire.preset.readOnly ?? [])
        expect([pointer, valueAt(sent, pointer)]).toEqual([pointer, valueAt(wire.frame(second), pointer)]);
    });

    it('takes an update that meets no conflict in two requests', async () => {
      const { server, note } = open(wire);
      const first = server.version;
      await note.update((draft) => edited(wire, draft, { title: 'Food' }, []));
      expect(server.note).toEqual({ title: 'Food', body: 'Milk' });
      expect(server.log).toEqual(['GET 200', `${method} ${wire.wrote({}, '').status} ${first}`]);
    });

    it('takes one write after another, whatever its answers show', async () => {
      const { server, note } = open(wire);
      for (const title of ['Food', 'Feast']) {
        const base = await note.read();
        await note.replace(edited(wire, base.value, { title }), { base });
      }
      expect(server.note?.title).toBe('Feast');
      expect(server.log).toHaveLength(4);
    });

    it.each(Object.entries(wire.lasting))(
      'lets a refusal stand that no merge solves: %s',
      async (_, refusal) => {
        const { server, note, clock } = open(wire);
        const base = await note.read();
        server.answers.push(refusal, refusal, refusal);
        const error = await rejectionOf(
          clock.run(note.replace(edited(wire, base.value, { title: 'Food' }), { base })),
        );
        expect(error).toMatchObject({ code: 'not-a-conflict' });
        expect(server.log).toHaveLength(2);
      },
    );

    it.each(Object.entries(wire.busy ?? {}))('sends the same again after %s', async (_, refusal) => {
      const { server, note, clock } = open(wire);
      const base = await note.read();
      server.answers.push(refusal);
      await clock.run(note.replace(edited(wire, base.value, { title: 'Food' }), { base }));
      expect(server.bodies).toHaveLength(2);
      expect(server.bodies[0]).toBe(server.bodies[1]);
      expect(server.note?.title).toBe('Food');
    });

    it('stops within three requests where it refuses the very version that it shows', async () => {
      const { server, note, clock } = open(wire);
      const base = await note.read();
      server.answers.push(wire.stale, wire.stale, wire.stale);
      const error = await rejectionOf(
        clock.run(note.replace(edited(wire, base.value, { title: 'Food' }), { base })),
      );
      expect(error).toMatchObject({ code: 'no-progress' });
      expect(server.log.slice(1)).toHaveLength(3);
    });

    it.runIf(wire.deleted !== 'never')('has deleted what was seen, and nothing newer', async () => {
      const { server, note } = open(wire);
      const base = await note.read();
      server.change({ body: 'Milk, eggs' });
      expect(await rejectionOf(note.delete({ base }))).toMatchObject({ code: 'changed' });
      expect(server.note).toBeDefined();
      const latest = await note.read();
      const { version } = server;
      await note.delete({ base: latest });
      expect(server.log.at(-1)).toBe(`DELETE 204 ${version}`);
    });

    it.runIf(wire.deleted !== 'never')('has a newer version deleted where the route says so', async () => {
      const { server, note } = open(wire, { onConflict: { changed: 'delete' } });
      const base = await note.read();
      server.change({ body: 'Milk, eggs' });
      const { version } = server;
      await note.delete({ base });
      expect(server.log.at(-1)).toBe(`DELETE 204 ${version}`);
    });
  },
);
