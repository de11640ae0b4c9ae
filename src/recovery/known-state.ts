import type { MediaKind } from '../core/media.ts';
import { attach, attachedTo } from '../shell/attached.ts';
import { contentOf, valueOf, type Content, type Json, type VersionSeen } from '../shell/representation.ts';
import type { Look } from './notes.ts';

/** One state of a resource as a client of ours has read or written it. */
export interface KnownState {
  /** The address that the state is read at, without a version in the query; `undefined` if it isn't known. */
  readonly url: string | undefined;
  readonly kind: MediaKind;
  /** The content type that it was read with, or is written with. */
  readonly type: string;
  /** The body as it was, whatever has become of the value since. */
  readonly content: Content;
  /**
   * Where none could be read, why: then nothing can be written under it. `undefined` where the answer to a write names
   * none: then the next write begins with a read.
   */
  readonly version: VersionSeen | undefined;
  /** Whether only a copy of the caller's says so. */
  readonly isClaimed?: boolean;
}

const stateOfValue = new WeakMap<object, KnownState | Look<KnownState>>();

/** Tracks a value as the very state that it shows: by identity, so a copy of the value is not tracked. */
export function track<Value>(value: Value, known: KnownState | Look<KnownState>): Value {
  if (typeof value === 'object' && value !== null) stateOfValue.set(value, known);
  return value;
}

/** Returns the state that a value shows, if a client of ours has made the value. */
export function stateOf(value: unknown): KnownState | undefined {
  const known = stateOfValue.get(value as object);
  return typeof known === 'function' ? known() : known;
}

/** Tracks a response by the state that it shows, for values that are yet to be made of its body. */
export function trackResponse(response: Response, look: Look<KnownState>): void {
  attach(response).knownState = look;
}

/**
 * Tracks a value as the state that a response showed, if its body was read for one.
 *
 * @param content Makes what the caller goes on from, where that isn't the body: a schema may have made another value of it.
 */
export function trackFromResponse<Value>(value: Value, response: Response, content?: () => Content): Value {
  const look = attachedTo(response)?.knownState as Look<KnownState> | undefined;
  if (!look) return value;
  const made = content && { content: content() };
  return track(value, () => {
    const known = look();
    // The caller parsed it as JSON, so it is JSON, whatever its content type says.
    const called = known?.kind !== 'json' && { kind: 'json' as const, type: 'application/json' };
    return known && (called || made) ? { ...known, ...called, ...made } : known;
  });
}

/**
 * A base that the caller can no longer change.
 *
 * @param tooDeep Makes the error for one that is nested too deep for JSON.
 */
export function keepBase(base: unknown, json: Json, tooDeep: () => Error): (() => unknown) | undefined {
  if (base === undefined) return undefined;
  const known = stateOf(base);
  const kind =
    known?.kind ?? (base instanceof Uint8Array ? 'bytes' : typeof base === 'string' ? 'text' : 'json');
  const content = known?.content ?? contentIn(kind, base, json, tooDeep);
  if (content === undefined) return undefined;
  const kept = typeof content === 'string' ? content : content.slice();
  return () => valueOf(kind, kept, json);
}

function contentIn(kind: MediaKind, base: unknown, json: Json, tooDeep: () => Error): Content | undefined {
  try {
    return contentOf(kind, base, json);
  } catch (error) {
    throw error instanceof RangeError ? tooDeep() : error;
  }
}
