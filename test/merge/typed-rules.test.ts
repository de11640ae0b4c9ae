import type { Pointer, ValueAt } from '../../src/merge/paths.ts';
import type { Decision } from '../../src/core/resolution.ts';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { unknownBase } from '../../src/merge.ts';
import {
  absent,
  counter,
  keepRemote,
  list,
  max,
  merge,
  set,
  text,
  threeWay,
  type Sides,
  type Strategy,
} from '../../src/merge.ts';

const Note = z.object({
  title: z.string(),
  body: z.string().optional(),
  tags: z.array(z.string()),
  items: z.array(z.object({ id: z.number(), qty: z.number(), 'a/b': z.string() })),
  scores: z.record(z.string(), z.number()),
  author: z.object({ name: z.string(), seen: z.number() }).nullable(),
  extra: z.unknown(),
});
type Note = z.infer<typeof Note>;

type Merge<Value> = Strategy<Value> | ((sides: Sides<Value>) => Decision<Value> | Promise<Decision<Value>>);

/** How a route may be typed: by its schema, by its value, alone or many at a time. */
declare function defineRoute<Schema extends z.ZodType>(route: {
  readonly schema: Schema;
  readonly merge: Merge<z.infer<Schema>>;
}): void;
declare function defineValueRoute<Value>(route: {
  readonly schema: z.ZodType<Value>;
  readonly merge: Merge<NoInfer<Value>>;
}): void;
declare function createClient<Values>(options: {
  readonly routes: {
    readonly [Path in keyof Values]: {
      readonly schema: z.ZodType<Values[Path]>;
      readonly merge: Merge<NoInfer<Values[Path]>>;
    };
  };
}): void;

// Only the compiler reads this: `@ts-expect-error` is an error itself where there is nothing to expect.
export function compiled(): unknown {
  const good: Strategy<Note> = threeWay({
    '/tags': set(),
    '/body': text(),
    '/items': list({ key: 'id' }),
    '/items/*/qty': counter(),
    '/items/*/a~1b': text(),
    '/items/0/qty': max(),
    '/scores/alice': max(),
    '/scores/*': max(),
    '/*/name': keepRemote(),
    '/author/seen': max(),
    '/extra/what/ever': set(),
    '': () => absent,
    '/title': () => absent,
  });
  // @ts-expect-error No such member.
  const misspelt: Strategy<Note> = threeWay({ '/tagz': set() });
  // @ts-expect-error No such member of an item.
  const deeper: Strategy<Note> = threeWay({ '/items/*/quantity': counter() });
  // @ts-expect-error No pointer begins without a slash.
  const slashless: Strategy<Note> = threeWay({ tags: set() });
  // @ts-expect-error Nothing is inside a string.
  const inside: Strategy<Note> = threeWay({ '/title/x': set() });

  // @ts-expect-error A text can't be counted.
  const counted: Strategy<Note> = threeWay({ '/title': counter() });
  // @ts-expect-error A number has no lines.
  const lined: Strategy<Note> = threeWay({ '/items/*/qty': text() });
  // @ts-expect-error Nor is it an array.
  const keyed: Strategy<Note> = threeWay({ '/items/*/qty': list({ key: 'id' }) });

  defineRoute({ schema: Note, merge: threeWay({ '/tags': set(), '/author/name': text() }) });
  // @ts-expect-error No such member.
  defineRoute({ schema: Note, merge: threeWay({ '/tagz': set() }) });
  defineValueRoute({ schema: Note, merge: threeWay({ '/items/*/qty': counter() }, { resolve: 'local' }) });
  // @ts-expect-error No such member.
  defineValueRoute({ schema: Note, merge: threeWay({ '/items/*/qti': counter() }) });
  createClient({ routes: { notes: { schema: Note, merge: threeWay({ '/tags': set() }) } } });
  // @ts-expect-error No such member.
  createClient({ routes: { notes: { schema: Note, merge: threeWay({ '/tagz': set() }) } } });

  const typed: Strategy<Note> = threeWay({
    '/items/*/qty': (base, local, _remote, path) => {
      expectTypeOf(base).toEqualTypeOf<number | typeof absent | typeof unknownBase>();
      expectTypeOf(local).toEqualTypeOf<number | typeof absent>();
      expectTypeOf(path).toEqualTypeOf<string>();
      return local === absent ? absent : local;
    },
    // @ts-expect-error A title is no number.
    '/title': () => 1,
  });
  defineRoute({
    schema: Note,
    merge: threeWay({
      '/title': (_base, local, remote) => {
        expectTypeOf(remote).toEqualTypeOf<string | typeof absent>();
        return local;
      },
    }),
  });

  const untyped = threeWay({ '/any/thing': set(), '/else': (base, local) => local ?? base });
  expectTypeOf(untyped).toEqualTypeOf<Strategy>();
  const loose: Merge<unknown> = threeWay({ '/any/thing': set() });
  return [good, misspelt, deeper, slashless, inside, counted, lined, keyed, typed, loose];
}

describe('the type of a rule table', () => {
  it('knows the places of a value', () => {
    interface Small {
      a: { b?: number }[];
      c: string | null;
    }
    expectTypeOf<Pointer<Small>>().toEqualTypeOf<
      | ''
      | '/*'
      | '/a'
      | '/c'
      | '/a/*'
      | '/*/*'
      | '/a/*/b'
      | '/*/*/b'
      | '/a/*/*'
      | '/*/*/*'
      | `/a/${number}`
      | `/*/${number}`
      | `/a/${number}/b`
      | `/*/${number}/b`
      | `/a/${number}/*`
      | `/*/${number}/*`
    >();
    expectTypeOf<Pointer<unknown>>().toEqualTypeOf<string>();
    expectTypeOf<ValueAt<Small, '/a/*/b'>>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Small, '/c'>>().toEqualTypeOf<string | null>();
    expect(typeof compiled).toBe('function');
  });

  it('ends where a type has no end', () => {
    interface Tree {
      name: string;
      children: Tree[];
    }
    const rules: Strategy<Tree> = threeWay({
      '/children': list({ key: 'name' }),
      '/children/*/children/*/children/*/children/*/name': keepRemote(),
    });
    expect(rules.repeatable).toBe(true);
  });

  it('takes the value of a direct merge from its sides', () => {
    const base: Note = { title: 'a', tags: [], items: [], scores: {}, author: null, extra: 1 };
    const { value } = merge({ base, local: { ...base, title: 'b' }, remote: base }, { '/tags': set() });
    expectTypeOf(value).toEqualTypeOf<Note>();
    expect(value.title).toBe('b');
    // @ts-expect-error No such member.
    merge({ base, local: base, remote: base }, { '/tagz': set() });
  });
});
