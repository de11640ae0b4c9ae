/** Headers that are only looked at, by names in lower case. */
export interface HeaderFields extends Iterable<[name: string, value: string]> {
  get(name: string): string | null | undefined;
  has(name: string): boolean;
}

/** A header that `Headers` tells just as it was given (Fetch §2.2.2). */
const plain = /^[\w-]+\n[!-~](?:[ -~]*[!-~])?$/;

/**
 * Holds headers as they are now; the caller may change them later. Plain ones, as most are, are held without making
 * `Headers` of them, which is dear. What is no header throws, as in `fetch`.
 */
export function keepHeaders(given: HeadersInit = {}): HeaderFields {
  // What is no object is for `Headers` to refuse.
  if (Object(given) !== given || given instanceof Headers || Symbol.iterator in given)
    return new Headers(given);
  const fields = new Map<string, string>();
  for (const own of Object.keys(given)) {
    const name = own.toLowerCase();
    const value = String(given[own]);
    if (fields.has(name) || !plain.test(`${name}\n${value}`)) return new Headers(given);
    fields.set(name, value);
  }
  return fields;
}
