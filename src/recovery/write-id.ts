import { equal } from '../core/equal.ts';
import type { MediaKind } from '../core/media.ts';
import { withMembersOf, withoutMembers } from '../core/members.ts';
import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { FieldCarrier, VersionPart } from '../core/version.ts';
import type { Route } from '../route.ts';
import type { BodySnapshot } from '../shell/body.ts';
import { contentOf, jsonFor, valueOf, valueOr, type Representation } from '../shell/representation.ts';
import { requestOf, sendAgain, type KeyHeader, type Write } from '../shell/transport.ts';
import type { Shared } from './call.ts';
import { isCreating, replaces } from './creating.ts';
import type { Intent } from './intent.ts';
import type { Prepared } from './records.ts';

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
export function bare(route: Route, state: unknown): unknown {
  const { version, writeId, readOnly = [], writeOnly = [], annotations = [] } = route;
  let left = withWriteIds(writeId, state, undefined);
  for (const carrier of [...version.read, ...version.write])
    if (carrier.in === 'document') left = carrier.put(left, absent);
  return withoutMembers(left, [...readOnly, ...writeOnly, ...annotations]);
}

/**
 * Whether a state that is written says what no read shows. An equal state doesn't prove that this was said.
 *
 * @param shown The state that a read shows; it may have such members, too, without a meaning.
 */
export function saysUnseen({ writeOnly = [] }: Route, state: unknown, shown: unknown): boolean {
  if (writeOnly.length === 0) return false;
  const plain = isRecord(shown) ? withMembersOf(state, shown, writeOnly) : withoutMembers(state, writeOnly);
  return !equal(plain, state);
}

/** The ids that the last writes left in a representation: one, or those of a log; `undefined` for none. */
export function writeIdsIn(route: Route, { kind, content, response }: Representation): unknown {
  const { writeId } = route;
  if (writeId?.in === 'headers') return response.headers.get(writeId.shown) ?? undefined;
  return writeId && kind === 'json' ? idsIn(writeId, valueOf('json', content, route)) : undefined;
}

function idsIn(carrier: FieldCarrier, state: unknown): unknown {
  const ids = carrier.get(state);
  return ids === absent ? undefined : ids;
}

/** The whole state that a send makes; `absent` where it says none, or none of that kind. */
export function stateOf({ state }: Prepared, kind: MediaKind, route: Route): unknown {
  return state === undefined ? absent : valueOr(absent, kind, state, route);
}

/** Whether an equal state is as good as this write: it says a whole state, and equal changes don't add up. */
export function provesByEquality({ request }: Prepared, { merge, means, replace }: Route): boolean {
  const saysState = means !== 'actions' && (request.method === 'PUT' || request.method === replace);
  return saysState && merge.additive !== true;
}

/** Whether a look at the resource can tell what became of a send. */
export function canBeRead(sent: Prepared, write: Write, route: Route): boolean {
  const { request, state } = sent;
  if (replaces(sent, route)) return true;
  // A POST creates its resource at another address.
  if (request.method === 'POST' && isCreating(write, route, sent.version)) return false;
  const isNamed = sent.writeId !== undefined;
  return isNamed || request.method === 'DELETE' || (state !== undefined && provesByEquality(sent, route));
}

/**
 * Whether the log of what is there proves that none of some sends was made: it goes back to what each was made of, goes on
 * from there, and names none of them. One that doesn't go back so far may have been begun anew, and one that ends there was
 * left unchanged by a writer that keeps no log, which may have restored an earlier state.
 */
export function isDisproved(
  sends: readonly Prepared[],
  ids: unknown,
  id: string | undefined,
  route: Route,
): boolean {
  const { writeId } = route;
  if (!writeId || !('keep' in writeId) || !Array.isArray(ids)) return false;
  return sends.every((made) => {
    const sent = idsIn(writeId, stateOf(made, 'json', route));
    if (!Array.isArray(sent) || sent.at(-1) !== id) return false;
    return sent.length > 1 && ids.includes(sent.at(-2)) && ids.at(-1) !== sent.at(-2);
  });
}

/**
 * The write ids, or the log of them, once this write is made.
 *
 * @param state What it is made of: the log goes on from there, and is made no shorter than others keep it.
 */
export function idsAfter(state: unknown, id: string | undefined, { writeId }: Route): unknown {
  if (!writeId || !('keep' in writeId)) return id;
  const log = idsIn(writeId, state);
  const ids: readonly unknown[] = Array.isArray(log) ? log : [];
  return [...ids, id].slice(writeId.keep > ids.length ? 0 : 1);
}

/** Puts the id of a write where there is a place for it: into the headers given, or into the body, which it gives. */
export function addWriteId(
  value: unknown,
  {
    headers,
    ids,
    id,
  }: { readonly headers: Headers; readonly ids?: unknown; readonly id: string | undefined },
  { writeId }: Route,
): { readonly value: unknown; readonly isInBody: boolean; readonly writeId?: string | undefined } {
  if (!writeId || id === undefined) return { value, isInBody: false };
  const isInBody = writeId.in === 'document';
  if (isInBody && !isRecord(value)) return { value, isInBody: false };
  if (!isInBody) headers.set(writeId.name, id);
  return { value: withWriteIds(writeId, value, ids), isInBody, writeId: id };
}

/** A write with a key of its own, unless the caller gave it one, or it can be sent only once. */
export function withKey(write: Write, name: KeyHeader, { fetch, clock }: Shared): Write {
  const { method, url, body } = write;
  if (!body || write.headers.has(name)) return write;
  const headers = new Headers([...write.headers]);
  headers.set(name, name === 'operation-id' ? clock.id() : `"${clock.id()}"`);
  const request = { method, url, headers, content: body.content };
  // The added key must not reach another origin, so redirects aren't followed.
  return { ...write, headers, send: (signal) => sendAgain(fetch, write, request, signal) };
}

/**
 * The caller's own write, as it is sent again; with its id, where the route gives writes one.
 *
 * @param id The write's own.
 */
export function original(intent: Intent, route: Route, id: string | undefined): Prepared {
  const { write, body, format } = intent;
  const request = requestOf(write, body, write);
  const sent: Prepared = {
    request,
    origin: 'caller',
    version: request.headers.has('if-none-match') ? undefined : intent.version,
    state: asContent(write.state ?? (format || !saysWhole(write) ? undefined : body.content)),
  };
  if (!route.writeId) return sent;
  try {
    const isPlain = write.method !== 'PATCH' || format !== undefined;
    const isJson = intent.kind === undefined || intent.kind === 'json';
    const inBody = route.writeId.in === 'document' && isJson && isPlain && body.content !== '';
    const said = inBody ? intent.said('json') : undefined;
    const base = inBody ? intent.base('json') : undefined;
    // A log of one id, in the place of a log that wasn't read, would delete the proofs of other writers.
    if (base === undefined && write.method === 'PATCH' && 'keep' in route.writeId) return sent;
    // The log in the body may be older than the log in its base.
    const ids = idsAfter(base ?? said, id, route);
    const { value, isInBody, writeId } = addWriteId(said, { headers: request.headers, ids, id }, route);
    const wire = jsonFor(route, request.headers.get('content-type'));
    const content = inBody && isInBody ? contentOf('json', value, wire) : undefined;
    if (content === undefined) return { ...sent, writeId };
    return {
      ...sent,
      writeId,
      request: { ...request, content },
      state: write.state === undefined && !format ? sent.state && content : sent.state,
    };
  } catch {
    // A body that is no JSON has no place for an id.
    return sent;
  }
}

/** Whether the body of a write is a whole state, unless a format says otherwise. */
function saysWhole({ method }: Write): boolean {
  return method !== 'PATCH' && method !== 'DELETE';
}

function asContent(content: BodySnapshot['content'] | undefined): Prepared['state'] {
  return content instanceof Blob ? undefined : content;
}
