import { questionAt } from './client/asked.ts';
import { startSession } from './client/update-session.ts';
import { handleResult } from './client/handle-values.ts';
import { UpdateQueue } from './client/queue.ts';
import type { Queues } from './client/queues.ts';
import { readState, type SendOptions, type ResourceTarget } from './client/read-state.ts';
import { isInRecipeOf, waitsForItself } from './client/recipe.ts';
import {
  bodyFor,
  checkWriteOptions,
  requireVersion,
  mergeType,
  patchFor,
  replacementFor,
} from './client/write-arguments.ts';
import { QueuedUpdate } from './client/queued-update.ts';
import { createResourceIo } from './client/resource-io.ts';
import { createTarget, creationOf, sendWrite } from './client/write.ts';
import type { Resource } from './handle.ts';
import { isRecoveryError } from './errors.ts';
import type { WriteResult } from './report.ts';
import { settingsOf } from './shell/request.ts';

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
      return new UpdateQueue(io, route, client.shared.clock, after, onIdle);
    });
  }

  async function write(...args: Parameters<typeof sendWrite>): Promise<WriteResult> {
    // The server would refuse an update that began with the state before this write.
    queues.forget(url);
    const result = await sendWrite(...args);
    versions.written(url, result);
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
      const update = new QueuedUpdate(recipe, options, target);
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
      requireVersion(target, route.replace, value, options);
      const state = await bodyFor(target, route.replace, value, options);
      const { target: to, content, type } = replacementFor(target, ...state, options);
      return write(to, route.replace, content, { 'content-type': type }, options);
    },
    async patch(change, options) {
      checkWriteOptions(options);
      requireVersion(target, 'PATCH', change, options);
      const { content, after } = await patchFor(target, change, options);
      return write(target, 'PATCH', content, { 'content-type': mergeType }, options, after);
    },
    async create(value, options = {}) {
      checkWriteOptions(options);
      const { method } = route.create;
      const [content, type] = await bodyFor(target, method, value, options);
      const creation = creationOf(createTarget(target), content, type);
      return write(creation.target, method, creation.content, creation.headers, options);
    },
    async delete(options) {
      checkWriteOptions(options);
      requireVersion(target, 'DELETE', undefined, options);
      const removing = { ...target, route: { ...route, isGoneFine: true } };
      const result = await write(removing, 'DELETE', undefined, {}, options);
      const { response } = result;
      return handleResult({ ...result, value: undefined, version: undefined, response }, undefined);
    },
    questionOf(error) {
      return isRecoveryError(error) ? questionAt(url, error.question) : undefined;
    },
  };
}
