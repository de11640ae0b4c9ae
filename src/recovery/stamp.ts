import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { ReadableCarrier } from '../core/version.ts';
import type { KeptBody } from '../shell/body.ts';
import { contentOf, valueOf, type Representation } from '../shell/representation.ts';
import { sendAgain, type Rewrite, type Write } from '../shell/transport.ts';
import type { Asked } from './asked.ts';
import type { Merged, Run, World } from './run.ts';

/** A state with another write id. What is no JSON object has no place for one. */
export function withWriteId(carrier: ReadableCarrier | undefined, state: unknown, id: unknown): unknown {
  return carrier?.in === 'document' && isRecord(state)
    ? carrier.put(state, typeof id === 'string' ? id : absent)
    : state;
}

/** The id that the last write left in a state; `undefined` for none. */
export function writeIdIn({ route }: Pick<Run, 'route'>, remote: Representation): unknown {
  const { writeId } = route;
  if (writeId?.in === 'headers') return remote.response.headers.get(writeId.shown) ?? undefined;
  if (!writeId || remote.kind !== 'json') return undefined;
  const id = writeId.get(valueOf('json', remote.content, route));
  return id === absent ? undefined : id;
}

/** Stamps a write with the id of its run, where there is a place for it. Gives the body, and whether it is another. */
export function stamp(
  { route, id, journal }: Run,
  headers: Headers,
  value: unknown,
): { readonly value: unknown; readonly isStamped: boolean } {
  const { writeId } = route;
  if (!writeId || id === undefined) return { value, isStamped: false };
  const isInBody = writeId.in === 'document';
  if (isInBody && !isRecord(value)) return { value, isStamped: false };
  if (!isInBody) headers.set(writeId.name, id);
  journal.writeId = id;
  return { value: withWriteId(writeId, value, id), isStamped: isInBody };
}

/** A write with a key of its own, unless the caller gave it one, or it can be sent only once. */
export function keyed(write: Write, { fetch, clock }: World): Write {
  const { method, url, body } = write;
  if (!body || write.headers.has('idempotency-key')) return write;
  const headers = new Headers(write.headers);
  headers.set('idempotency-key', `"${clock.id()}"`);
  const rewrite = { method, url, headers, content: body.content };
  // What we have added is not for another origin to see.
  return { ...write, headers, send: (signal) => sendAgain(fetch, write, rewrite, signal) };
}

/** The caller's own write, as it is sent again; stamped, where the route stamps its writes. */
export function original(run: Run, asked: Asked, body: KeptBody): Merged {
  const { write, route } = run;
  const rewrite = asAsked(run, body);
  const sent: Merged = {
    kind: 'write',
    rewrite,
    content: write.method === 'PATCH' ? undefined : asText(body.content),
    version: rewrite.headers.has('if-none-match') ? undefined : asked.version,
    remote: undefined,
    isAsAsked: true,
    isOriginal: true,
  };
  if (!route.writeId) return sent;
  try {
    const inBody = route.writeId.in === 'document' && asked.kind !== 'text' && body.content !== '';
    const said = inBody ? asked.said('json') : undefined;
    const { value, isStamped } = stamp(run, rewrite.headers, said);
    const content = inBody && isStamped ? contentOf('json', value, route) : undefined;
    if (content === undefined) return sent;
    return { ...sent, rewrite: { ...rewrite, content }, content: sent.content && content };
  } catch {
    // What is no JSON has no place for an id.
    return sent;
  }
}

/** The caller's write to the target of now, which may be elsewhere than what a POST was sent to. */
export function asAsked({ write, target }: Run, body: KeptBody): Rewrite {
  const headers = new Headers(write.headers);
  if (body.type && !headers.has('content-type')) headers.set('content-type', body.type);
  return { method: target.method, url: new URL(target.url), headers, content: body.content };
}

function asText(content: KeptBody['content']): Merged['content'] {
  return content instanceof Blob ? undefined : content;
}
