import type { Leaf } from '../core/frozen.ts';

/** The levels of a type whose paths are spelled out. Below them any path is accepted: a recursive type has no end. */
type Levels = 5;
type Fewer = [never, 0, 1, 2, 3, 4, 5];

/** A member's name as a step of a JSON Pointer. */
type Escaped<Name extends string | number> = Replaced<Replaced<`${Name}`, '~', '~0'>, '/', '~1'>;
type Replaced<
  Text extends string,
  From extends string,
  To extends string,
> = Text extends `${infer Head}${From}${infer Tail}` ? `${Head}${To}${Replaced<Tail, From, To>}` : Text;

/** The JSON Pointers of a type's places, with `*` for one segment. Any string where the type isn't known. */
export type Pointer<Value> = unknown extends Known<Value> ? string : '' | Below<Value, Levels>;

/**
 * The type, or `unknown` for `undefined`: TypeScript infers `undefined` for a route without a type, and no JSON value
 * is that.
 */
type Known<Value> = [Value] extends [undefined] ? unknown : Value;

type Below<Value, Level extends number> = unknown extends Value
  ? `/${string}`
  : // A branded type is a leaf: its members are not spelled out.
    Value extends Leaf
    ? never
    : Value extends readonly (infer Item)[]
      ? Step<'*' | `${number}`, Item, Level>
      : Value extends object
        ? | Step<'*', Value[keyof Value], Level>
          | {
              [Name in keyof Value & (string | number)]-?: Step<Escaped<Name>, Value[Name], Level>;
            }[keyof Value & (string | number)]
        : never;

type Step<Name extends string, Value, Level extends number> =
  `/${Name}` | (Level extends 0 ? `/${Name}/${string}` : `/${Name}${Below<Value, Fewer[Level]>}`);

/** The type of the value at a pointer. */
export type ValueAt<Value, Path extends string> =
  unknown extends Known<Value>
    ? unknown
    : Path extends ''
      ? Value
      : Path extends `/${infer Name}/${infer Rest}`
        ? ValueAt<Member<Value, Name>, `/${Rest}`>
        : Path extends `/${infer Name}`
          ? Member<Value, Name>
          : unknown;

type Member<Value, Name extends string> = unknown extends Value
  ? unknown
  : Value extends Leaf
    ? never
    : Value extends readonly (infer Item)[]
      ? Item
      : Value extends object
        ? Name extends '*'
          ? Exclude<Value[keyof Value], undefined>
          : string extends keyof Value
            ? Value[keyof Value]
            : // A name of type `string` lies below the levels that are spelled out.
              string extends Name
              ? unknown
              : Named<Value, Name>
        : never;

type Named<Value, Name extends string> = {
  [Key in keyof Value & (string | number)]-?: Name extends Escaped<Key>
    ? Exclude<Value[Key], undefined>
    : never;
}[keyof Value & (string | number)];
