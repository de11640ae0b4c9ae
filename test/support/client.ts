import { createClient, keepLocal, type ClientOptions, type Schema } from 'remerge';
import type { Origin } from './origin.ts';
import { byCredentials } from './users.ts';

export interface Note {
  title: string;
  tags: string[];
}

/** A schema that only says what a note is. */
export const noteSchema: Schema<Note> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => (typeof (value as Note).title === 'string' ? {} : { issues: [{ path: ['title'] }] }),
  },
};

export const baseUrl = 'https://api.test/';

/** A client of the origin, and a handle on its one resource. */
export function clientOf({ fetch }: Pick<Origin, 'fetch'>, more: ClientOptions<object> = {}) {
  const api = createClient({
    baseUrl,
    fetch,
    scope: byCredentials,
    ...more,
    routes: { 'notes/:id': { schema: noteSchema } },
    defaults: { merge: keepLocal(), ...more.defaults },
  });
  return { api, note: api.resource('notes/:id', { id: '42' }) };
}

/** A moment that a test brings about by itself. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
