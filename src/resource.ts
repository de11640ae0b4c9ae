import { lineFor } from './client/asker.ts';
import { give } from './client/given.ts';
import { UpdateQueue } from './client/queue.ts';
import type { Queues } from './client/queues.ts';
import { overridesIn } from './client/owners.ts';
import { readState, type SendOptions, type Target } from './client/reach.ts';
import { isInRecipeOf, waitsForItself, type Recipe } from './client/recipe.ts';
import { bodyFor, checkSaid, demandVersion, mergeType, patchFor } from './client/said.ts';
import { Turn } from './client/turn.ts';
import { reachOf } from './client/way.ts';
import { creating, sendWrite } from './client/write.ts';
import type { Frozen } from './core/frozen.ts';
import type { Change } from './merge/merge-patch.ts';
import type { Overrides } from './options.ts';
import type { WriteResult } from './report.ts';
import { settingsOf, type Settings } from './shell/request.ts';

/**
 * A state of a resource as it was read. As `base` of a write it is recognised as the object it is; so is its value. It is an
 * instance, so that a cache keeps the object which would rebuild a plain one.
 */
export interface Snapshot<Value = unknown> {
  /** The state, as the server sent it: the schema has looked at it, and changed nothing. Frozen, all the way down. */
  readonly value: Frozen<Value>;
  /** `undefined` where the server shows none: then nothing can be written under it, unless the route has `none()`. */
  readonly version: string | undefined;
  /** Its body is used up. Not enumerable, as in a `WriteResult`. */
  readonly response: Response;
}

/** What every write of a handle may say: what it may do otherwise than its route, fetch's settings (`keepalive`, `credentials` and the like), and this. */
export interface WriteOptions<Value = unknown> extends Overrides<Value>, Omit<Settings, 'redirect'> {
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
   * object it is, and the write goes out under its version; one within the value that is written gives way. A plain copy of
   * a snapshot or of a result is recognised by its members (`value`, `version`, `ending`, `attempts`, and no others),
   * unless the value that is written has these members, too: then it is the document. A copy of a document is a base, too,
   * but brings no version unless that stands in it: if `headers` say none either (`{ 'if-match': '"v1"' }`), what is there
   * is read first, and merged if it is no longer the base. So it is after a write whose answer named no version.
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

/** A handle on one resource. It holds no state: whoever writes says what the write was made of. */
export interface Resource<Value = unknown> {
  readonly url: URL;
  /**
   * Reads it. Rejects with ky's errors, as `get` does, and with a `RecoveryError` for what is no state of it: `remote-invalid`,
   * `malformed-body`, `too-large`, `redirected`; `content-type` for a page (`text/html`) that no `Accept` asks for.
   */
  readonly read: (options?: Omit<WriteOptions, keyof Overrides>) => Promise<Snapshot<Value>>;
  /**
   * Reads it, changes it and writes it, safely under contention: on a conflict the recipe is applied to the newer state.
   * Updates that wait at the same time travel in one write. A recipe that changes nothing writes nothing, unless what was
   * read is a version that this client knows to be past: then it goes out as it is, and the server says what is there. Needs
   * no `merge`, and follows no redirect. Rejects with what the recipe throws, as it is; where the read fails, with a
   * `RecoveryError`, such as `gone` or `read-failed`; else as every write does.
   */
  readonly update: (recipe: Recipe<Value>, options?: UpdateOptions) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a whole state by PUT, or as the route's `writeBy` says, under the version of its base. Rejects as every write
   * does, see `RecoveryError`; with `merged-invalid` before anything is sent for a state that breaks the route's schema, as
   * `patch` and `create` do; and with `base-unknown` where `base` is the value itself and the server has another.
   */
  readonly replace: (
    value: Frozen<Value>,
    options: BasedOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a change by PATCH, as a JSON merge patch (RFC 7396), under the version of its base. A member that is `undefined`
   * is no change: JSON leaves it out.
   */
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
  /**
   * Deletes it, in the version that somebody has seen. What is gone already, by 404 or 410, is a success:
   * `already-applied`.
   */
  readonly remove: (options: BasedOptions<Value>) => Promise<WriteResult<undefined>>;
}

/** Makes the handle on a resource. */
export function resourceAt(target: Target, queues: Queues): Resource {
  const { site, route, url } = target;
  const { versions } = site;

  /** The queue of those who share this address, its headers and its user. */
  async function queueFor(said: SendOptions): Promise<UpdateQueue> {
    const { headers, signal } = said;
    const how = settingsOf(said);
    const own = [...new Headers(headers)];
    const line = await lineFor(target, own, signal);
    const whose = line.who === undefined ? undefined : JSON.stringify([line.who, own, how]);
    return queues.find(
      url,
      whose,
      (left, onIdle) =>
        new UpdateQueue(reachOf(target, own, how, line), route, site.world.clock, left, onIdle),
    );
  }

  async function write(...said: Parameters<typeof sendWrite>): Promise<WriteResult> {
    // An update that began with what was there before would only be refused.
    queues.forget(url);
    const result = await sendWrite(...said);
    versions.written(url, result.version);
    return result;
  }

  return {
    url,
    async read(options) {
      const { seen, result } = await readState(target, options);
      const { value, version, response } = result;
      versions.read(url.href, version);
      return give({ value, version, response }, seen);
    },
    async update(recipe, options = {}) {
      checkSaid(options);
      const { signal, together } = options;
      const own = {
        ...overridesIn(options),
        ...(signal && { signal }),
        ...(together === false && { together }),
      };
      const turn = new Turn(recipe, own, target);
      const join = async (): Promise<void> => {
        if (isInRecipeOf(url)) throw waitsForItself();
        const queue = await queueFor(options);
        if (!turn.isOver) queue.join(turn);
      };
      join().catch((error: unknown) => turn.refuse(error, 'network-error'));
      return turn.settled;
    },
    async replace(value, options) {
      checkSaid(options);
      demandVersion(target, route.writeBy, value, options);
      const [content, type] = await bodyFor(target, route.writeBy, value, options);
      return write(target, route.writeBy, content, { 'content-type': type }, options);
    },
    async patch(change, options) {
      checkSaid(options);
      demandVersion(target, 'PATCH', change, options);
      const { content, left } = await patchFor(target, change, options);
      return write(target, 'PATCH', content, { 'content-type': mergeType }, options, left);
    },
    async create(value, options = {}) {
      checkSaid(options);
      const [content, type] = await bodyFor(target, route.createBy, value, options);
      const only = route.createBy === 'PUT' ? { 'if-none-match': '*' } : {};
      return write(creating(target), route.createBy, content, { 'content-type': type, ...only }, options);
    },
    async remove(options) {
      checkSaid(options);
      demandVersion(target, 'DELETE', undefined, options);
      const removing = { ...target, route: { ...route, isGoneFine: true } };
      const result = await write(removing, 'DELETE', undefined, {}, options);
      const { response } = result;
      return give({ ...result, value: undefined, version: undefined, response }, undefined);
    },
  };
}
