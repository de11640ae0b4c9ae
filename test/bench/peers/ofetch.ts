import { ofetch } from 'ofetch';
import { withId, type Note } from '../note.ts';
import type { Peer } from './peer.ts';

/**
 * As often as ofetch's docs show, and without a wait, as is its default (https://github.com/unjs/ofetch#%EF%B8%8F-auto-retry).
 * The statuses are its own, 409 among them, and what this server says of a version that is no longer there.
 */
const retries = { retry: 3, retryStatusCodes: [408, 409, 412, 425, 429, 500, 502, 503, 504] };

/** ofetch with an `onRequest` that reads anew before each try: it is called for every one. */
export const ofetchFresh: Peer = (origin) => async (note, id) => {
  const url = `${origin}/notes/${note}`;
  await ofetch(url, {
    method: 'PUT',
    ...retries,
    onRequest: async ({ options }) => {
      const seen = await ofetch.raw<Note>(url);
      options.body = seen._data && { ...withId(seen._data, id) };
      options.headers.set('if-match', seen.headers.get('etag') ?? '');
    },
  });
};

/** ofetch by itself: it sends the very same write again. */
export const ofetchAgain: Peer = (origin) => async (note, id) => {
  const url = `${origin}/notes/${note}`;
  const seen = await ofetch.raw<Note>(url);
  const body = seen._data && { ...withId(seen._data, id) };
  const headers = { 'if-match': seen.headers.get('etag') ?? '' };
  await ofetch(url, { method: 'PUT', headers, body, ...retries });
};
