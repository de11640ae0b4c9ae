import type { IncomingHttpHeaders } from 'node:http';
import { applyMergePatch } from 'remerge/merge';

/** An answer, as far as tests care. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = 'application/json';

/** What a server hears of a request. A connection, a length and the like are the gate's own. */
const passed = ['content-type', 'if-match', 'if-none-match', 'accept'];

/** Has the server answer a request. It knows no PATCH, so the gate applies one (RFC 7396) to what is there. */
export async function passOn(
  url: URL,
  method: string,
  headers: IncomingHttpHeaders,
  body: string,
): Promise<Answer> {
  const named = passed.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const isPatch = method === 'PATCH';
  const sent = isPatch ? await patched(url, body) : body;
  const answer = await fetch(url, {
    method: isPatch ? 'PUT' : method,
    headers: isPatch ? { ...Object.fromEntries(named), 'content-type': json } : Object.fromEntries(named),
    ...(sent !== '' && { body: sent }),
  });
  const shown = [...answer.headers].filter(
    ([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
  );
  return { status: answer.status, headers: Object.fromEntries(shown), body: await answer.text() };
}

async function patched(url: URL, patch: string): Promise<string> {
  return JSON.stringify(applyMergePatch(await (await fetch(url)).json(), JSON.parse(patch)));
}

/** Stores a document behind everybody's back, over whatever version is there; `null` removes it. */
export async function storeBehind(target: string, path: string, value: unknown): Promise<void> {
  const url = new URL(path, target);
  const current = await fetch(url);
  const { version } = (await current.json()) as { readonly version?: number };
  const etag = current.headers.get('etag');
  // A board has its version in the body, or, where it has none, in the query.
  if (value === null && etag === null) url.searchParams.set('version', String(version));
  const named = current.ok && etag === null ? { ...(value as object), version } : value;
  const stored = await fetch(url, {
    method: value === null ? 'DELETE' : 'PUT',
    headers: { 'content-type': json, ...(etag !== null && { 'if-match': etag }) },
    ...(value !== null && { body: JSON.stringify(named) }),
  });
  await stored.text();
  if (!stored.ok) throw new Error(`${path} could not be stored: ${stored.status}`);
}
