/** The steps of a JSON Pointer, unescaped: `/a~1b/0` is `['a/b', '0']`, the whole document is `[]`. */
export type Path = readonly string[];

/** Stands for a missing value: JSON knows `null`, but has no word for a missing member. */
export const absent: unique symbol = Symbol.for('remerge.absent');

/**
 * Parses a JSON Pointer (RFC 6901).
 *
 * @throws {SyntaxError} for text that is neither empty nor begins with `/`, or has a `~` not followed by 0 or 1.
 */
export function parsePointer(pointer: string): Path {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) {
    throw new SyntaxError(`Not a JSON Pointer: ${JSON.stringify(pointer)}. Write '' or '/name/0'.`);
  }
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Writes the steps as a JSON Pointer (RFC 6901). */
export function formatPointer(path: Path): string {
  return path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The value at a path, or `absent`. Inherited members don't count. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return absent;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/**
 * Returns a copy of the document with a value at a path; the original stays as it is. Missing objects on the way are
 * made. Where a value on the way can't have the next step, an object replaces that value. `absent` removes a member.
 */
export function withValueAt(document: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (value === absent && valueAt(document, path) === absent) return document;
  const inner = withValueAt(valueAt(document, [step]), rest, value);
  if (Array.isArray(document) && Object.hasOwn(document, step)) {
    const items = document.map((item: unknown, index) => (String(index) === step ? inner : item));
    return items.filter((item) => item !== absent);
  }
  // A computed key makes an own member, even one named `__proto__`.
  const entries = Object.entries({ ...(typeof document === 'object' ? document : undefined), [step]: inner });
  return Object.fromEntries(entries.filter(([, member]) => member !== absent));
}
