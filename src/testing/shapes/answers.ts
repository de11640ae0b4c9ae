/** An answer with JSON. */
export function json(
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const isText = typeof document === 'string';
  return new Response(isText ? document : JSON.stringify(document), {
    status,
    headers: { 'content-type': isText ? 'text/plain' : 'application/json', ...headers },
  });
}

/** A refusal in XML, as Azure, Amazon and Google write it. */
export function xml(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Response {
  const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
  return new Response(text, { status, headers: { 'content-type': 'application/xml', ...headers } });
}

/** An answer without a body. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers });
}

/** A member of an object by its path; `undefined` where there is none. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
    value,
  );
}

/** The last segment of a path. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
