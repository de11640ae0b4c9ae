import type { Change } from '../../src/merge/merge-patch.ts';
import type { KyInstance } from 'ky';
import {
  createClient,
  type Client,
  type Frozen,
  type Resource,
  type Schema,
  type WriteResult,
} from 'remerge';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { Origin } from '../support/origin.ts';

/** On the wire a date is text; what the schema makes of it is no business of a write. */
const Note = z.object({
  title: z.string(),
  tags: z.array(z.string()),
  due: z.iso.datetime().transform((text) => new Date(text)),
});
type NoteOnTheWire = z.input<typeof Note>;

const due = '2026-01-01T00:00:00Z';
const origin = new Origin({ title: 'a', tags: [], due });
const options = {
  baseUrl: 'https://api.test/',
  fetch: origin.fetch,
  routes: {
    'notes/:id': { schema: Note },
    'boards/:board/cards/:card': { schema: z.object({ n: z.number() }) },
    'files/*': {},
    settings: { merge: ({ local }: { readonly local: { theme: string } }) => local },
  },
};
const api = createClient(options);

describe('the type of a handle', () => {
  it('is that of the wire, as the schema takes it in', async () => {
    const note = api.resource('notes/:id', { id: '42' });
    expectTypeOf(note).toEqualTypeOf<Resource<NoteOnTheWire>>();
    const { value } = await note.read();
    expectTypeOf(value).toEqualTypeOf<Frozen<NoteOnTheWire>>();
    expectTypeOf(value.due).toEqualTypeOf<string>();
    expect(value.due).toBe(due);
  });

  it('is unknown where nothing says it, and that of the merge where only that says it', () => {
    expectTypeOf(api.resource('files/*', { '*': 'a/b' })).toEqualTypeOf<Resource>();
    expectTypeOf(api.resource('settings')).toEqualTypeOf<Resource<{ theme: string }>>();
  });

  it('comes from any Standard Schema', () => {
    const schema = {} as Schema<{ n: number }>;
    const routes = {
      'n/:id': {
        schema: {
          ...schema,
          '~standard': { version: 1, vendor: 'x', validate: () => ({}) } as Schema<{
            n: number;
          }>['~standard'],
        },
      },
    };
    const numbers = createClient({ baseUrl: 'https://api.test/', routes });
    expectTypeOf(numbers.resource('n/:id', { id: 1 })).toEqualTypeOf<Resource<{ n: number }>>();
  });

  it('survives extend', () => {
    expectTypeOf(api.extend({ retry: 0 })).toEqualTypeOf(api);
  });
});

describe('a mistake in a path', () => {
  it('is a compile error', () => {
    // @ts-expect-error -- there is no such route
    expect(() => api.resource('note/:id', { id: '42' })).toThrow();
    // @ts-expect-error -- its parameters are missing
    expect(() => api.resource('notes/:id')).toThrow();
    // @ts-expect-error -- one of them is
    expect(() => api.resource('boards/:board/cards/:card', { board: 1 })).toThrow();
    // @ts-expect-error -- it has another name
    expect(() => api.resource('notes/:id', { name: '42' })).toThrow();
    // @ts-expect-error -- it is one too many
    expect(() => api.resource('notes/:id', { id: '42', extra: 1 })).toThrow();
    // @ts-expect-error -- it can't be nothing
    expect(() => api.resource('notes/:id', { id: undefined })).toThrow();
    // @ts-expect-error -- the route has none
    expect(() => api.resource('settings', { id: 1 })).toThrow();
    expect(api.resource('boards/:board/cards/:card', { board: 1, card: 'two' }).url.pathname).toBe(
      '/boards/1/cards/two',
    );
  });
});

describe('a mistake in a value', () => {
  const note = api.resource('notes/:id', { id: '42' });

  it('is a compile error in a recipe', async () => {
    // @ts-expect-error -- there is no such field
    await note.update((draft) => void (draft.titel = 'b')).catch(() => undefined);
    // @ts-expect-error -- it is of another type
    await note.update((draft) => void (draft.tags = 'b')).catch(() => undefined);
    // @ts-expect-error -- a field is missing
    await note.update((draft) => ({ title: draft.title })).catch(() => undefined);
    // @ts-expect-error -- push gives a number, which is no note
    await note.update((draft) => draft.tags.push('x')).catch(() => undefined);
    const result = await note.update((draft) => void draft.tags.push('x'));
    expectTypeOf(result).toEqualTypeOf<WriteResult<Frozen<NoteOnTheWire>>>();
  });

  it('is a compile error in a write, which takes what was read', async () => {
    const seen = await note.read();
    await note.replace({ ...seen.value, title: 'b' }, { base: seen });
    const { value } = await note.replace({ title: 'b', tags: ['mutable'], due }, { base: await note.read() });
    expectTypeOf(value.title).toEqualTypeOf<string>();
    // @ts-expect-error -- nobody changes what was read
    expect(() => (value.title = 'c')).toThrow(TypeError);
    // @ts-expect-error -- a field is missing
    await note.replace({ title: 'b' }, { base: seen }).catch(() => undefined);
    // @ts-expect-error -- a whole state is written under what was seen
    await note.replace(seen.value).catch(() => undefined);
    // @ts-expect-error -- there is no such field
    await note.patch({ titel: 'b' }, { base: seen }).catch(() => undefined);
    // @ts-expect-error -- a title that every note has can't be removed
    await note.patch({ title: null }, { base: seen }).catch(() => undefined);
    await note.patch({ tags: seen.value.tags }, { base: seen }).catch(() => undefined);
    // @ts-expect-error -- a date is text on the wire
    await note.create({ title: 'b', tags: [], due: new Date() }).catch(() => undefined);
    // @ts-expect-error -- a merge of this route is one of notes
    await note.replace(seen.value, { base: seen, recovery: { merge: () => 1 } }).catch(() => undefined);
  });
});

it('A change removes what may be missing, and nothing else.', () => {
  interface Person {
    name: string;
    nick?: string;
    born: string | null;
    home: { city: string; zip?: number };
    scores: Record<string, number>;
    place: [number, number];
  }
  expectTypeOf({ nick: null, born: null, home: { zip: null }, scores: { a: null } }).toExtend<
    Change<Person>
  >();
  expectTypeOf({ place: [1, 2] as const, home: {} }).toExtend<Change<Person>>();
  expectTypeOf({ name: null }).not.toExtend<Change<Person>>();
  expectTypeOf({ home: null }).not.toExtend<Change<Person>>();
  expectTypeOf({ home: { city: null } }).not.toExtend<Change<Person>>();
  expectTypeOf({ place: [1] }).not.toExtend<Change<Person>>();
});

it('A client goes wherever a ky instance does.', () => {
  expectTypeOf<Client>().toExtend<KyInstance>();
  expectTypeOf(api).toExtend<KyInstance>();
  const asKy: KyInstance = api;
  expect(asKy.stop).toBe(api.stop);
});
