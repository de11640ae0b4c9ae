import { UpdateQueue } from './client/queue.ts';
import type { Queues } from './client/queues.ts';
import {
  creating,
  demandVersion,
  reachOf,
  readState,
  sendWrite,
  type Target,
  type WriteArguments,
} from './client/reach.ts';
import type { Recipe } from './client/recipe.ts';
import type { Frozen, Leaf } from './core/frozen.ts';
import { mediaKind } from './core/media.ts';
import { patchedBy } from './merge/merge-patch.ts';
import type { Overrides } from './options.ts';
import { makeKnown, recognise } from './recovery/known.ts';
import { hide, type WriteResult } from './report.ts';
import { contentOf, valueOf, type Content } from './shell/representation.ts';

/** A state of a resource as it was read. As `base` of a write it is recognised as the object it is; so is its value. */
export interface Snapshot<Value = unknown> {
  /** The state, as the server sent it: the schema has looked at it, and changed nothing. Frozen, all the way down. */
  readonly value: Frozen<Value>;
  /** `undefined` where the server shows none: then nothing can be written under it, unless the route has `none()`. */
  readonly version: string | undefined;
  /** Its body is used up. Not enumerable, as in a `WriteResult`. */
  readonly response: Response;
}

/** What every write of a handle may say: what it may do otherwise than its route, and this. */
export interface WriteOptions<Value = unknown> extends Overrides<Value> {
  /** Ends the write at once, with the signal's reason; no request starts after that. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Headers of this write, and of its re-reads as far as they are not about its body. A `Content-Type` says how the value
   * is sent. Default: the content type of the base, else `application/json`.
   */
  readonly headers?: HeadersInit;
}

/** What a write says that changes what somebody has seen. */
export interface BasedOptions<Value = unknown> extends WriteOptions<Value> {
  /**
   * The state that the change was made of: what `read()`, `json()` or a write gave, or its value. It is recognised as the
   * object it is, and the write goes out under its version. A copy is a base, too, but brings no version: unless `headers`
   * say one (`{ 'if-match': '"v1"' }`), what is there is read first, and merged if it is no longer the base.
   */
  readonly base: unknown;
}

/** What an update may say. Its recipe is its merge, and what is gone stays gone. */
export interface UpdateOptions extends Omit<
  WriteOptions,
  'merge' | 'onConflict' | 'onStaleDelete' | 'onGone' | 'onExists' | 'locate'
> {
  /** Whether it may share a write with other updates of the resource. One with overrides never does. Default: `true`. */
  readonly together?: boolean;
}

/** A change of some members (RFC 7396): `null` removes one that may be missing. */
export type Change<Value> = Value extends Leaf | readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]?: Change<Value[Name]> | Removal<Name, Value[Name]> }
    : Value;

/** What removes a member: `null`, where it is an entry of many, or may be missing. */
type Removal<Name, Member> = string extends Name ? null : undefined extends Member ? null : never;

/** A handle on one resource. It holds no state: whoever writes says what the write was made of. */
export interface Resource<Value = unknown> {
  readonly url: URL;
  /**
   * Reads it. Rejects with ky's errors, as `get` does, and with a `RecoveryError` for what can't be taken in:
   * `remote-invalid`, `malformed-body`, `too-large`.
   */
  readonly read: (options?: {
    readonly signal?: AbortSignal;
    readonly headers?: HeadersInit;
  }) => Promise<Snapshot<Value>>;
  /**
   * Reads it, changes it and writes it, safely under contention: on a conflict the recipe is applied to the newer state.
   * Updates that wait at the same time travel in one write. A recipe that changes nothing writes nothing. Needs no
   * `merge`, and follows no redirect. Rejects with what the recipe throws, as it is; where the read fails, with a `RecoveryError`, such as `gone` or
   * `read-failed`; else as every write does.
   */
  readonly update: (recipe: Recipe<Value>, options?: UpdateOptions) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a whole state by PUT, or as the route's `writeBy` says, under the version of its base. Rejects as every write
   * does, see `RecoveryError`.
   */
  readonly replace: (
    value: Frozen<Value>,
    options: BasedOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /** Writes a change by PATCH, as a JSON merge patch (RFC 7396), under the version of its base. */
  readonly patch: (
    change: Change<Value>,
    options: BasedOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a state that is to be new: by PUT with `If-None-Match: *` (RFC 9110 §13.1.2), or by POST where the route's
   * `createBy` says so; at its own address, or at the route's `createAt`. What exists already goes by `onExists`.
   */
  readonly create: (
    value: Frozen<Value>,
    options?: WriteOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /** Deletes it, in the version that somebody has seen. What is gone already is a success: `already-applied`. */
  readonly remove: (options: BasedOptions<Value>) => Promise<WriteResult<undefined>>;
}

/** Makes the handle on a resource. */
export function resourceAt(target: Target, queues: Queues): Resource {
  const { site, route, url } = target;
  const json = 'application/json';

  /** A value as its body, and the content type that says so: the base's, or what the caller says. */
  function bodyOf(
    value: unknown,
    { base, headers }: Partial<BasedOptions>,
  ): [content: Content, type: string] {
    const type = new Headers(headers).get('content-type') ?? recognise(base)?.type ?? json;
    const content = contentOf(mediaKind(type) ?? 'bytes', value, route);
    if (content === undefined) throw new TypeError(`The value can't be sent as ${type}.`);
    return [content, type];
  }

  /** The queue of those who share this address, its headers and its credentials. */
  function queueFor(headers: HeadersInit | undefined, fresh?: HeadersInit): UpdateQueue {
    const own = [...new Headers(headers)];
    const all = new Headers([
      ...new Headers(fresh),
      ...new Headers(site.defaults.headers as HeadersInit),
      ...own,
    ]);
    const whose = JSON.stringify([site.world.bases.scope(all), own]);
    return queues.find(
      url,
      whose,
      (left, onIdle) => new UpdateQueue(reachOf(target, own), route, site.world.clock, left, onIdle),
    );
  }

  async function write(...said: WriteArguments): Promise<WriteResult> {
    // An update that began with what was there before would only be refused.
    queues.forget(url);
    return sendWrite(target, ...said);
  }

  return {
    url,
    async read(options) {
      const { seen, result } = await readState(target, options);
      const { value, version, response } = result;
      return makeKnown(hide({ value, version, response }, 'response'), seen);
    },
    async update(recipe, { headers, ...options } = {}) {
      const fresh = site.headers && (await site.headers({ method: route.writeBy, url: new URL(url) }));
      return queueFor(headers, fresh).update(recipe, options);
    },
    async replace(value, options) {
      demandVersion(target, route.writeBy, value, options);
      const [content, type] = bodyOf(value, options);
      return write(route.writeBy, content, { 'content-type': type }, options);
    },
    async patch(change, options) {
      demandVersion(target, 'PATCH', change, options);
      const seen = recognise(options.base);
      const sent =
        seen && contentOf('json', patchedBy(valueOf(seen.kind, seen.content, route), change), route);
      const headers = { 'content-type': 'application/merge-patch+json' };
      return write('PATCH', contentOf('json', change, route), headers, options, sent);
    },
    async create(value, options = {}) {
      const [content, type] = bodyOf(value, options);
      const only = route.createBy === 'PUT' ? { 'if-none-match': '*' } : {};
      queues.forget(url);
      return sendWrite(creating(target), route.createBy, content, { 'content-type': type, ...only }, options);
    },
    async remove(options) {
      demandVersion(target, 'DELETE', undefined, options);
      const result = await write('DELETE', undefined, {}, options);
      const { response } = result;
      return hide({ ...result, value: undefined, response }, 'response');
    },
  };
}
