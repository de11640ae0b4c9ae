import wretch from 'wretch';
import { retry } from 'wretch/middlewares';
import { withId, type Note } from '../note.ts';
import type { Peer } from './peer.ts';

/**
 * wretch with its retry middleware: `until` as its docs have it for every answer that isn't 2xx, and `onRetry` reads anew and
 * gives the next request (https://elbywan.github.io/wretch/). Its own 10 attempts, with its own waits: half a second more for each.
 */
export const wretchWithRetry: Peer = (origin) => async (note, id) => {
  const url = `${origin}/notes/${note}`;
  const read = async () => {
    const response = await wretch(url).get().res();
    const headers = { 'content-type': 'application/json', 'if-match': response.headers.get('etag') ?? '' };
    return { headers, body: JSON.stringify(withId((await response.json()) as Note, id)) };
  };
  const again = retry({
    until: (response) => response?.ok ?? false,
    onRetry: async ({ options }) => ({ options: { ...options, ...(await read()) } }),
  });
  const { headers, body } = await read();
  await wretch(url).middlewares([again]).headers(headers).put(body).res();
};
