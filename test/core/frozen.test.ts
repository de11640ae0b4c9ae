import { describe, expect, expectTypeOf, it } from 'vitest';
import { freeze, type Frozen } from '../../src/core/frozen.ts';

it('a value is frozen all the way down, whatever is in it', () => {
  const bytes = new Uint8Array([1]);
  const value = freeze({ a: null, b: [{ c: 1 }], bytes });
  expect(Object.isFrozen(value) && Object.isFrozen(value.b) && Object.isFrozen(value.b[0])).toBe(true);
  // Bytes can't be.
  bytes[0] = 2;
  expect(value.bytes[0]).toBe(2);
  expect([freeze(null), freeze('text'), freeze(0)]).toEqual([null, 'text', 0]);
});

describe('the type of a frozen value', () => {
  type Id = string & { readonly __brand: 'Id' };
  type Cents = number & { readonly __brand: 'Cents' };

  it('keeps a branded value what it is', () => {
    expectTypeOf<Frozen<Id>>().toEqualTypeOf<Id>();
    expectTypeOf<Frozen<{ id: Id; paid?: Cents | null }>>().toEqualTypeOf<{
      readonly id: Id;
      readonly paid?: Cents | null;
    }>();
    const seen = freeze({ id: 'a' as Id, paid: 1 as Cents });
    const again: { id: Id; paid: Cents } = { ...seen };
    expect(again).toEqual(seen);
  });

  it('keeps a tuple a tuple, of its length', () => {
    expectTypeOf<Frozen<[number, { a: Id }, ...string[]]>>().toEqualTypeOf<
      readonly [number, { readonly a: Id }, ...string[]]
    >();
    expectTypeOf<Frozen<[] | [first?: Id, rest?: Cents[]]>>().toEqualTypeOf<
      readonly [] | readonly [first?: Id, rest?: readonly Cents[]]
    >();
    expectTypeOf<Frozen<string[][]>>().toEqualTypeOf<readonly (readonly string[])[]>();
  });

  it('keeps the members of a union apart', () => {
    type Shape = { kind: 'dot' } | { kind: 'path'; points: [number, number][] } | 'none' | null;
    expectTypeOf<Frozen<Shape>>().toEqualTypeOf<
      | { readonly kind: 'dot' }
      | { readonly kind: 'path'; readonly points: readonly (readonly [number, number])[] }
      | 'none'
      | null
    >();
  });

  it('goes as deep as a type that holds itself', () => {
    interface Tree {
      name: Id;
      children: Tree[];
      parent?: Tree;
    }
    type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
    expectTypeOf<Frozen<Tree>['children'][number]['children'][number]['name']>().toEqualTypeOf<Id>();
    expectTypeOf<Frozen<Frozen<Tree>>>().toEqualTypeOf<Frozen<Tree>>();
    const tree: Tree = { name: 'a' as Id, children: [] };
    const frozen: Frozen<Tree> = tree;
    const json: Frozen<Json> = { a: [1, null, { b: 'c' }] };
    expect([frozen, json]).toHaveLength(2);
    // Nobody adds to it.
    expectTypeOf<Frozen<Tree>>().not.toExtend<Tree>();
  });

  it('says nothing of what is unknown, and leaves bytes and functions alone', () => {
    expectTypeOf<Frozen<unknown>>().toEqualTypeOf<unknown>();
    expectTypeOf<Frozen<Uint8Array>>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<Frozen<{ run: (times: number) => string }>>().toEqualTypeOf<{
      readonly run: (times: number) => string;
    }>();
  });
});
