import { startSession } from './client/update-session.ts';
import { handleResult } from './client/handle-values.ts';
import { UpdateQueue } from './client/queue.ts';
import type { Queues } from './client/queues.ts';
import { overridesIn } from './client/option-owners.ts';
import { readState, type SendOptions, type ResourceTarget } from './client/read-state.ts';
import { isInRecipeOf, waitsForItself, type Recipe } from './client/recipe.ts';
import { bodyFor, checkWriteOptions, requireVersion, mergeType, patchFor } from './client/write-arguments.ts';
import { QueuedUpdate } from './client/queued-update.ts';
import { createResourceIo } from './client/resource-io.ts';
import { createTarget, sendWrite } from './client/write.ts';
import type { Frozen } from './core/frozen.ts';
import type { Change } from './merge/merge-patch.ts';
import type { Overrides } from './options.ts';
import type { WriteResult } from './report.ts';
import { settingsOf, type Settings } from './shell/request.ts';

/**
 * A state of a resource as it was read. As `base` of a write, the snapshot and its value are recognised by identity. A
 * snapshot is an instance, so that a cache which rebuilds plain objects keeps it.
 */
export interface Snapshot<Value = unknown> {
  /** The state as the server sent it, frozen all the way down. The schema has checked the state, and changed nothing. */
  readonly value: Frozen<Value>;
  /** The version; `undefined` if the server shows none: then nothing is written under it, unless the route has `none()`. */
  readonly version: string | undefined;
  /** The server's answer, with its body used up. Not enumerable, as in a `WriteResult`. */
  readonly response: Response;
}

/**
 * The options of every write of a handle: overrides of its route, fetch's settings (`keepalive`, `credentials` and the
 * like), and these.
 */
export interface WriteOptions<Value = unknown> extends Overrides<Value>, Omit<Settings, 'redirect'> {
  /** Ends the write at once, with the signal's reason; no request starts after that. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Headers of this write, and of its re-reads, except headers that are about the write alone. A `Content-Type` says
   * how the value is sent. Default: the content type of the base, else `application/json`.
   */
  readonly headers?: HeadersInit;
}

/** The options of a write that needs a base. */
export interface BasedOptions<Value = unknown> extends WriteOptions<Value> {
  /**
   * The state that the change was made of: what `read()`, `json()` or a write returned, or its value. The base is
   * recognised by identity, and the write goes out under the base's version; a version within the written value gives
   * way. A plain copy of a snapshot or of a result is recognised by its members (`value`, `version`, `ending`,
   * `attempts`, and no others), unless the written value has these members, too: then the copy counts as the document.
   * A copy of a document is a base, too, but it has no version unless that stands in it. If `headers` name no version
   * either (`{ 'if-match': '"v1"' }`), the write begins with a read, and merges if the server's state is no longer the
   * base. It also begins with a read if the answer to the write before named no version.
   */
  readonly base: unknown;
}

/** The options of an update. The recipe is the merge, and a resource that is gone stays gone. */
export interface UpdateOptions extends Omit<
  WriteOptions,
  'merge' | 'onConflict' | 'onStaleDelete' | 'onGone' | 'onExists' | 'locate'
> {
  /** Whether the update may share a write with others. An update with overrides never does. Default: `true`. */
  readonly together?: boolean;
}

/** A handle on one resource. A handle holds no state: each write names the state that it was made of. */
export interface Resource<Value = unknown> {
  readonly url: URL;
  /**
   * Reads the resource. Rejects with ky's errors, as `get` does, and with a `RecoveryError` for an answer that is no
   * state of the resource: `remote-invalid`, `malformed-body`, `too-large`, `redirected`; `content-type` for a page
   * (`text/html`) that no `Accept` asks for.
   */
  readonly read: (options?: Omit<WriteOptions, keyof Overrides>) => Promise<Snapshot<Value>>;
  /**
   * Reads the resource, changes it and writes it, safely under contention: on a conflict the recipe is applied to the
   * newer state. Updates that wait at the same time travel in one write. A recipe that changes nothing writes nothing,
   * unless the read showed a version that this client knows to be past: then that state is sent as it is, and the
   * server says what is there. Needs no `merge`, and follows no redirect. Rejects with what the recipe throws,
   * unchanged; if the read fails, with a `RecoveryError`, such as `gone` or `read-failed`; else as every write does.
   */
  readonly update: (recipe: Recipe<Value>, options?: UpdateOptions) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a whole state by PUT, or by the route's `writeBy`, under the version of its base. Rejects as every write
   * does, see `RecoveryError`; with `merged-invalid` before anything is sent if the state breaks the route's schema, as
   * `patch` and `create` do; and with `base-unknown` if `base` is the value itself and the server has another state.
   */
  readonly replace: (
    value: Frozen<Value>,
    options: BasedOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a change by PATCH, as a JSON merge patch (RFC 7396), under the version of its base. A member that is
   * `undefined` is no change, as JSON leaves it out.
   */
  readonly patch: (
    change: Change<Value>,
    options: BasedOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Creates the resource: by PUT with `If-None-Match: *` (RFC 9110 §13.1.2), or by POST if the route's `createBy` says
   * so; at the resource's own address, or at the route's `createAt`. If the resource exists already, `onExists` decides.
   */
  readonly create: (
    value: Frozen<Value>,
    options?: WriteOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Deletes the resource, in the version that the caller has seen. If it is gone already, by 404 or 410, that is a
   * success: `already-applied`.
   */
  readonly remove: (options: BasedOptions<Value>) => Promise<WriteResult<undefined>>;
}

/** Makes the handle on a resource. */
export function resourceAt(target: ResourceTarget, queues: Queues): Resource {
  const { client, route, url } = target;
  const { versions } = client;

  /** Returns the queue of the updates that share this address, its headers and its user. */
  async function queueFor(options: SendOptions): Promise<UpdateQueue> {
    const { headers, signal } = options;
    const settings = settingsOf(options);
    const own = [...new Headers(headers)];
    const session = await startSession(target, own, signal);
    const user = session.user === undefined ? undefined : JSON.stringify([session.user, own, settings]);
    return queues.find(url, user, (after, onIdle) => {
      const io = createResourceIo(target, own, settings, session);
      return new UpdateQueue(io, route, client.world.clock, after, onIdle);
    });
  }

  async function write(...args: Parameters<typeof sendWrite>): Promise<WriteResult> {
    // The server would refuse an update that began with the state before this write.
    queues.forget(url);
    const result = await sendWrite(...args);
    versions.written(url, result.version);
    return result;
  }

  return {
    url,
    async read(options) {
      const { known, result } = await readState(target, options);
      const { value, version, response } = result;
      versions.read(url.href, version);
      return handleResult({ value, version, response }, known);
    },
    async update(recipe, options = {}) {
      checkWriteOptions(options);
      const { signal, together } = options;
      const own = {
        ...overridesIn(options),
        ...(signal && { signal }),
        ...(together === false && { together }),
      };
      const update = new QueuedUpdate(recipe, own, target);
      const join = async (): Promise<void> => {
        if (isInRecipeOf(url)) throw waitsForItself();
        const queue = await queueFor(options);
        if (!update.isOver) queue.join(update);
      };
      join().catch((error: unknown) => update.reject(error, 'network-error'));
      return update.result;
    },
    async replace(value, options) {
      checkWriteOptions(options);
      requireVersion(target, route.writeBy, value, options);
      const [content, type] = await bodyFor(target, route.writeBy, value, options);
      return write(target, route.writeBy, content, { 'content-type': type }, options);
    },
    async patch(change, options) {
      checkWriteOptions(options);
      requireVersion(target, 'PATCH', change, options);
      const { content, after } = await patchFor(target, change, options);
      return write(target, 'PATCH', content, { 'content-type': mergeType }, options, after);
    },
    async create(value, options = {}) {
      checkWriteOptions(options);
      const [content, type] = await bodyFor(target, route.createBy, value, options);
      const only = route.createBy === 'PUT' ? { 'if-none-match': '*' } : {};
      return write(createTarget(target), route.createBy, content, { 'content-type': type, ...only }, options);
    },
    async remove(options) {
      checkWriteOptions(options);
      requireVersion(target, 'DELETE', undefined, options);
      const removing = { ...target, route: { ...route, isGoneFine: true } };
      const result = await write(removing, 'DELETE', undefined, {}, options);
      const { response } = result;
      return handleResult({ ...result, value: undefined, version: undefined, response }, undefined);
    },
  };
}
