import type { MediaKind } from '../core/media.ts';
import { equal } from '../core/equal.ts';
import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { FieldCarrier, VersionPart } from '../core/version.ts';
import type { Route } from '../route.ts';
import type { KeptBody } from '../shell/body.ts';
import { contentOf, valueOf, valueOr, type Representation } from '../shell/representation.ts';
import { rewriteOf, sendAgain, type Write } from '../shell/transport.ts';
import type { Asked } from './asked.ts';
import type { Call, Merged, World } from './run.ts';

/** A state with other write ids; `undefined` for none. What is no JSON object has no place for any. */
export function withWriteIds(carrier: Route['writeId'], state: unknown, ids: unknown): unknown {
  if (carrier?.in !== 'document' || !isRecord(state)) return state;
  return carrier.put(state, ids === undefined ? absent : (ids as VersionPart));
}

/** Whether two states are the same, but for what each write changes. */
export function sameState(route: Route, one: unknown, other: unknown): boolean {
  return equal(bare(route, one), bare(route, other));
}

/** A state without what each write changes. What shows a version need not be what takes one. */
export function bare({ version, writeId, compared }: Route, state: unknown): unknown {
  let left = withWriteIds(writeId, state, undefined);
  for (const carrier of [...version.read, ...version.write])
    if (carrier.in === 'document') left = carrier.put(left, absent);
  return compared && isRecord(left) ? compared(left) : left;
}

/** The ids that the last writes left in a representation: one, or those of a log; `undefined` for none. */
export function writeIdsIn(
  { route }: Pick<Call, 'route'>,
  { kind, content, response }: Representation,
): unknown {
  const { writeId } = route;
  if (writeId?.in === 'headers') return response.headers.get(writeId.shown) ?? undefined;
  return writeId && kind === 'json' ? idsIn(writeId, valueOf('json', content, route)) : undefined;
}

function idsIn(carrier: FieldCarrier, state: unknown): unknown {
  const ids = carrier.get(state);
  return ids === absent ? undefined : ids;
}

/** The whole state that a send makes; `absent` where it says none, or none of that kind. */
export function stateOf({ content }: Merged, kind: MediaKind, route: Route): unknown {
  return content === undefined ? absent : valueOr(absent, kind, content, route);
}

/**
 * Whether the log of what is there proves that none of some sends was made: it goes back to what each was made of, goes on
 * from there, and names none of them. One that doesn't go back so far may have been begun anew, and one that ends there was
 * left as it was by somebody who keeps none, and may have put back what was there before.
 */
export function isDisproved({ route, id }: Call, sends: readonly Merged[], ids: unknown): boolean {
  const { writeId } = route;
  if (!writeId || !('keep' in writeId) || !Array.isArray(ids)) return false;
  return sends.every((made) => {
    const sent = idsIn(writeId, stateOf(made, 'json', route));
    if (!Array.isArray(sent) || sent.at(-1) !== id) return false;
    return sent.length > 1 && ids.includes(sent.at(-2)) && ids.at(-1) !== sent.at(-2);
  });
}

/**
 * What stands in the place of the write ids once this write is made.
 *
 * @param state What it is made of: the log goes on from there, and is made no shorter than others keep it.
 */
export function idsAfter({ route, id }: Call, state: unknown): unknown {
  const { writeId } = route;
  if (!writeId || !('keep' in writeId)) return id;
  const log = idsIn(writeId, state);
  const ids: readonly unknown[] = Array.isArray(log) ? log : [];
  return [...ids, id].slice(writeId.keep > ids.length ? 0 : 1);
}

/** Stamps a write, where there is a place for it. Gives the body, and whether it is another. */
export function stamp(
  { route, id, journal }: Call,
  headers: Headers,
  value: unknown,
  ids: unknown,
): { readonly value: unknown; readonly isStamped: boolean } {
  const { writeId } = route;
  if (!writeId || id === undefined) return { value, isStamped: false };
  const isInBody = writeId.in === 'document';
  if (isInBody && !isRecord(value)) return { value, isStamped: false };
  if (!isInBody) headers.set(writeId.name, id);
  journal.writeId = id;
  return { value: withWriteIds(writeId, value, ids), isStamped: isInBody };
}

/** A write with a key of its own, unless the caller gave it one, or it can be sent only once. */
export function keyed(write: Write, { fetch, clock }: World): Write {
  const { method, url, body } = write;
  if (!body || write.headers.has('idempotency-key')) return write;
  const headers = new Headers([...write.headers]);
  headers.set('idempotency-key', `"${clock.id()}"`);
  const rewrite = { method, url, headers, content: body.content };
  // What we have added is not for another origin to see.
  return { ...write, headers, send: (signal) => sendAgain(fetch, write, rewrite, signal) };
}

/** The caller's own write, as it is sent again; stamped, where the route stamps its writes. */
export function original(call: Call, asked: Asked, body: KeptBody): Merged {
  const { write, route } = call;
  const rewrite = rewriteOf(write, body, write);
  const sent: Merged = {
    kind: 'write',
    rewrite,
    content: write.method === 'PATCH' || write.method === 'DELETE' ? undefined : asText(body.content),
    version: rewrite.headers.has('if-none-match') ? undefined : asked.version,
    isAsAsked: true,
    isOriginal: true,
  };
  if (!route.writeId) return sent;
  try {
    const isPlain = write.method !== 'PATCH' || asked.format !== undefined;
    const isJson = asked.kind === undefined || asked.kind === 'json';
    const inBody = route.writeId.in === 'document' && isJson && isPlain && body.content !== '';
    const said = inBody ? asked.said('json') : undefined;
    const base = inBody ? asked.base('json') : undefined;
    // A log of one, in the place of one that nobody has read, would take the others their proofs.
    if (base === undefined && write.method === 'PATCH' && 'keep' in route.writeId) return sent;
    // What it says itself may be older than what it is made of.
    const ids = idsAfter(call, base ?? said);
    const { value, isStamped } = stamp(call, rewrite.headers, said, ids);
    const content = inBody && isStamped ? contentOf('json', value, route) : undefined;
    if (content === undefined) return sent;
    return { ...sent, rewrite: { ...rewrite, content }, content: sent.content && content };
  } catch {
    // What is no JSON has no place for an id.
    return sent;
  }
}

function asText(content: KeptBody['content']): Merged['content'] {
  return content instanceof Blob ? undefined : content;
}
