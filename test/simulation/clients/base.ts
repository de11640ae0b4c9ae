import { recoveryOf, type Client, type Resource, type WriteResult } from 'remerge';
import { isDocument, type Document } from './document.ts';
import type { Call } from './visit.ts';
import type { World } from './world.ts';

/** What a call came to. */
export type Made = Pick<WriteResult, 'value'> & {
  readonly outcome: string;
  readonly version?: string | undefined;
};

/** What a write is made of. */
export interface Base {
  /** What is said as `base`. */
  readonly is: unknown;
  readonly value: Document;
  readonly version: string | undefined;
}

/** Milliseconds that a reader waits. */
const patience = 3_000;

/** The handle on what stands at a path. */
export function resourceOf(api: Client<Record<string, unknown>>, path: string): Resource {
  const [kind = '', name = ''] = path.split('/');
  if (kind === 'me') return api.resource('me/:what', { what: name });
  return kind === 'notes' ? api.resource('notes/:id', { id: name }) : api.resource('fresh/:id', { id: name });
}

/**
 * What a write is to be made of: the last result, or what is read now, in one of the ways in which people keep that.
 * `undefined` where nothing could be read.
 */
export async function baseOf(
  { clock }: World,
  handle: Resource,
  call: Call,
  last: Made | undefined,
): Promise<Base | undefined> {
  // Without a version, a write that says no base would overwrite.
  if (call.base === 'result' && call.verb !== 'put' && last && isDocument(last.value))
    return { is: last, value: last.value, version: last.version };
  const late = new AbortController();
  const spare = clock.after(patience, () => late.abort());
  try {
    const snapshot = await handle.read({ signal: late.signal });
    const { value, version } = snapshot;
    if (!isDocument(value)) return undefined;
    const is = call.base === 'copy' ? structuredClone(value) : call.base === 'value' ? value : snapshot;
    return { is, value, version };
  } catch {
    return undefined;
  } finally {
    spare();
  }
}

/** Writes as one does who keeps the version, and leaves it to the client to remember the rest. */
export async function putBy(
  api: Client<Record<string, unknown>>,
  path: string,
  value: Document,
  {
    version,
    headers,
    signal,
  }: {
    readonly version: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
): Promise<Made> {
  const all = { ...headers, ...(version !== undefined && { 'if-match': version }) };
  const response = await api.put(path, { json: value, headers: all, ...(signal && { signal }) });
  return madeOf(response);
}

/** What a call has given: a result, or the answer to a verb. */
export function madeOf(given: unknown): Made {
  if (!(given instanceof Response)) return given as Made;
  return { outcome: recoveryOf(given)?.outcome ?? 'nothing', value: undefined };
}
