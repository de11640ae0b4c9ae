import * as remerge from 'remerge';
import { all } from '../writes.js';

const origins = (process.env.ORIGINS ?? '').split(' ');
const options = { baseUrl: origins[0] ?? '', routes: { 'notes/:id': {} } };

// Made where a worker may not yet make a request, set a timer, or ask for chance.
const first = remerge.createClient(options);

/** One more in stock. @param {typeof first} api */
async function add(api) {
  const { outcome } = await api.resource('notes/:id', { id: 'shared' }).update((draft) => {
    const note = /** @type {import('../writes.js').Note} */ (draft);
    note.stock += 1;
  });
  return outcome;
}

const pages = {
  '/all': () => all(remerge, origins),
  '/first': () => add(first),
  // Requests don't share one: what one of them waits for is gone with it, and updates of one client wait for each other.
  '/own': () => add(remerge.createClient(options)),
};

export default {
  /** @param {Request} request */
  async fetch({ url }) {
    const page = Object.entries(pages).find(([path]) => path === new URL(url).pathname);
    try {
      return Response.json(await page?.[1]());
    } catch (error) {
      return new Response(error instanceof Error ? (error.stack ?? '') : '', { status: 500 });
    }
  },
};
