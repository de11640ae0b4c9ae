/** The types of values that have nothing inside, branded or not. */
export type Leaf = string | number | bigint | boolean | symbol | null | undefined;

/**
 * A value that can't be changed, all the way down. Tuples stay tuples. Values that have nothing inside stay as they
 * are: a branded string or number, bytes, a function.
 */
export type Frozen<Value> = Value extends Leaf | Uint8Array | ((...said: never[]) => unknown)
  ? Value
  : Value extends Tuple
    ? { readonly [Index in keyof Value]: Frozen<Value[Index]> }
    : // Not as a mapped type, which would have no end for the list of a recursive type.
      Value extends readonly (infer Item)[]
      ? readonly Frozen<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
        : Value;

/** The types of tuples. A tuple whose members may all be missing is recognised by its length. */
type Tuple =
  | readonly [unknown, ...unknown[]]
  | readonly [...unknown[], unknown]
  | (readonly unknown[] & { readonly length: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 });

/** Freezes JSON, all the way down. Bytes can't be frozen, and stay as they are. */
export function freeze<Value>(value: Value): Frozen<Value> {
  // No recursion, because a document may be deeper than the stack. Values that are added on the way are reached, too.
  const all: object[] = [];
  // Leaves are most of a document, and have nothing to freeze.
  const add = (one: unknown): void => {
    if (typeof one === 'object' && one !== null && !ArrayBuffer.isView(one)) all.push(one);
  };
  add(value);
  for (let one = all.pop(); one; one = all.pop()) {
    Object.freeze(one);
    if (Array.isArray(one)) for (const item of one as readonly unknown[]) add(item);
    else for (const member of Object.values(one)) add(member);
  }
  return value as Frozen<Value>;
}
