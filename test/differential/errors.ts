/** Broken connections are told by one of several codes, as it happens. */
const broken: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** An error as it can be compared: its class, what it says, and what is behind it. */
export function errorTold(error: unknown, depth = 3): unknown {
  if (typeof error !== 'object' || error === null) return { thrown: String(error), type: typeof error };
  const { name, message, code, cause } = error as Readonly<Record<string, unknown>>;
  // Node's fetch breaks the connection itself where it can't send a stream again, and says either this or nothing.
  if (broken.has(code) || (depth < 3 && message === '')) return 'connection broken';
  return {
    class: classOf(error),
    name,
    code,
    message,
    members: Object.keys(error).sort(),
    ...(cause !== undefined && depth > 0 && { cause: errorTold(cause, depth - 1) }),
  };
}

/** The name of the class that an object is of. */
export function classOf(value: object): string {
  const { constructor } = value as { constructor?: { name?: string } };
  return constructor?.name ?? 'none';
}

/** An error and all that are behind it. */
export function causesOf(error: unknown): readonly unknown[] {
  const all: unknown[] = [];
  for (let at = error; at !== undefined && at !== null && !all.includes(at);) {
    all.push(at);
    at = (at as { cause?: unknown }).cause;
  }
  return all;
}
