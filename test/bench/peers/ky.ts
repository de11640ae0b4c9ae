import ky from 'ky';
import { withId, type Note } from '../note.ts';
import type { Peer } from './peer.ts';

/**
 * ky alone: an `afterResponse` hook reads again and returns `ky.retry({ request })`
 * (https://github.com/sindresorhus/ky#kyretryoptions). Limit and waits are ky's own: 2, and 300 ms that double.
 */
export const kyRetry: Peer = (origin) => async (note, id) => {
  const url = `${origin}/notes/${note}`;
  const read = async () => {
    const response = await ky.get<Note>(url);
    const headers = { 'content-type': 'application/json', 'if-match': response.headers.get('etag') ?? '' };
    return { headers, body: JSON.stringify(withId(await response.json(), id)) };
  };
  await ky.put(url, {
    ...(await read()),
    hooks: {
      afterResponse: [
        async ({ request, response }) =>
          response.status === 412
            ? ky.retry({ request: new Request(request, await read()), code: 'STALE' })
            : undefined,
      ],
    },
  });
};
