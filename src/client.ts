import type { Client, ClientOptions } from './client/client.ts';
import { create } from './client/create.ts';
import { recover } from './recover.ts';

/**
 * Makes a client: a ky instance whose writes on a route recover from conflicts.
 *
 * A write that fails for good throws a `RecoveryError`, with ky's own error as its cause. Reads, and calls without a
 * route, throw ky's errors.
 *
 * @throws {TypeError} for an option that is wrong, in Node and in development builds.
 *
 * @example
 * const api = createClient({ baseUrl, routes: { 'notes/:id': { schema: Note, merge: threeWay() } } });
 * await api.resource('notes/:id', { id: '42' }).update((note) => { note.title = 'Food'; });
 */
export function createClient<Values extends object = object>(
  options: ClientOptions<Values> = {},
): Client<Values> {
  return create(options, { recover });
}
