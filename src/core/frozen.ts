/** What has nothing inside, branded or not. */
export type Leaf = string | number | bigint | boolean | symbol | null | undefined;

/**
 * A value that can't be changed, all the way down. Tuples stay tuples, and what has nothing inside stays what it is: a
 * branded string or number, bytes, a function.
 */
export type Frozen<Value> = Value extends Leaf | Uint8Array | ((...said: never[]) => unknown)
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
    : Value;

/** Freezes JSON, all the way down. Bytes can't be frozen, and stay as they are. */
export function freeze<Value>(value: Value): Frozen<Value> {
  // No recursion: a document may be deeper than the stack. What is added on the way is reached, too.
  const all: unknown[] = [value];
  for (const one of all) {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) continue;
    for (const member of Object.values(Object.freeze(one))) all.push(member);
  }
  return value as Frozen<Value>;
}
