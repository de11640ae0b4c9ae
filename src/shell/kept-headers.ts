/** The values that `new Headers` takes. Its name in a page, `HeadersInit`, is no global in Node. */
export type HeadersInput = NonNullable<ConstructorParameters<typeof Headers>[0]>;

/** Headers that are only read, by names in lower case. */
export interface HeaderFields extends Iterable<[name: string, value: string]> {
  get(name: string): string | null | undefined;
  has(name: string): boolean;
}

/** A header that `Headers` returns exactly as it was given (Fetch §2.2.2). */
const plain = /^[\w-]+\n[!-~](?:[ -~]*[!-~])?$/;

/**
 * Keeps headers as they are now, as the caller may change them later. Plain headers, as most are, are kept without
 * making `Headers`, which is costly. Throws for an invalid header, as `fetch` does.
 */
export function keepHeaders(given: HeadersInput = {}): HeaderFields {
  // `Headers` refuses what is no object.
  if (Object(given) !== given) return new Headers(given);
  const isValid = given instanceof Headers;
  if (!isValid && Symbol.iterator in given) return new Headers(given);
  const fields = new Map<string, string>();
  for (const [own, said] of isValid ? given : Object.entries<unknown>(given)) {
    const name = own.toLowerCase();
    const value = String(said);
    // Only `Set-Cookie` comes twice from `Headers`.
    if (fields.has(name) || !(isValid || plain.test(`${name}\n${value}`))) return new Headers(given);
    fields.set(name, value);
  }
  return fields;
}
