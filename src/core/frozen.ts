/** A value that can't be changed, all the way down. */
export type Frozen<Value> = Value extends Uint8Array
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
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
