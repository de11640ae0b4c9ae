/** What has nothing inside, branded or not. */
export type Leaf = string | number | bigint | boolean | symbol | null | undefined;

/**
 * A value that can't be changed, all the way down. Tuples stay tuples, and what has nothing inside stays what it is: a
 * branded string or number, bytes, a function.
 */
export type Frozen<Value> = Value extends Leaf | Uint8Array | ((...said: never[]) => unknown)
  ? Value
  : Value extends Tuple
    ? { readonly [Index in keyof Value]: Frozen<Value[Index]> }
    : // Spelled out, as a mapped list would have no end where a type holds itself.
      Value extends readonly (infer Item)[]
      ? readonly Frozen<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
        : Value;

/** What has places of its own; one whose members may all be missing is told by its length. */
type Tuple =
  | readonly [unknown, ...unknown[]]
  | readonly [...unknown[], unknown]
  | (readonly unknown[] & { readonly length: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 });

/** Freezes JSON, all the way down. Bytes can't be frozen, and stay as they are. */
export function freeze<Value>(value: Value): Frozen<Value> {
  // No recursion: a document may be deeper than the stack. What is added on the way is reached, too.
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
