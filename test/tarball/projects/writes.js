// Writes that meet what goes wrong, made with the remerge that is given. Each gives how it came out.

/** @typedef {typeof import('remerge')} Remerge */
/** @typedef {Pick<Remerge, 'withConflictRecovery' | 'etag' | 'threeWay' | 'text'>} Recovering */
/** @typedef {{ title: string, body: string, stock: number }} Note */

/** @param {Note} note @param {string} version */
function put(note, version) {
  const headers = { 'content-type': 'application/json', 'if-match': version };
  return { method: 'PUT', headers, body: JSON.stringify(note) };
}

/** Somebody else changes the title meanwhile. @param {string} address */
async function interfere(address) {
  const answer = await fetch(address, put({ title: 'Food', body: 'Milk\n', stock: 1 }, '"v1"'));
  if (answer.status !== 204) throw new Error(`Somebody else's write came to ${answer.status}.`);
}

/** An update whose recipe is overtaken. @param {Pick<Remerge, 'createClient'>} remerge @param {string} origin */
export async function update({ createClient }, origin) {
  const api = createClient({ baseUrl: origin, routes: { 'notes/:id': {} } });
  let isFirst = true;
  const { outcome } = await api.resource('notes/:id', { id: 'update' }).update(async (draft) => {
    if (isFirst) await interfere(`${origin}/notes/update`);
    isFirst = false;
    const note = /** @type {Note} */ (draft);
    note.stock += 1;
  });
  return outcome;
}

/** A fetch that recovers. @param {Recovering} remerge */
function recovering({ withConflictRecovery, etag, threeWay, text }) {
  return withConflictRecovery(fetch, {
    routes: { 'notes/:id': { version: etag(), merge: threeWay({ '/body': text() }) } },
  });
}

/** A write by a wrapped fetch that meets a conflict. @param {Recovering & Pick<Remerge, 'recoveryOf'>} remerge @param {string} origin */
export async function wrapped(remerge, origin) {
  const api = recovering(remerge);
  const address = `${origin}/notes/wrapped`;
  const opened = await api(address);
  /** @type {unknown} */
  const read = await opened.json();
  const note = /** @type {Note} */ (read);
  await interfere(address);
  const { signal } = new AbortController();
  const mine = { ...note, body: 'Milk\nEggs\n' };
  const answer = await api(address, { ...put(mine, opened.headers.get('etag') ?? ''), signal });
  return remerge.recoveryOf(answer)?.outcome;
}

/** A write whose answer never comes. @param {Remerge} remerge @param {string} origin */
export async function lost(remerge, origin) {
  const mine = { title: 'Plan', body: 'Bread\n', stock: 1 };
  const answer = await recovering(remerge)(`${origin}/notes/lost`, put(mine, '"v1"'));
  return remerge.recoveryOf(answer)?.outcome;
}

/** A write to where nobody is. @param {Remerge} remerge @param {string} origin */
export async function unreached(remerge, origin) {
  const api = remerge.withConflictRecovery(fetch, { defaults: { merge: remerge.keepLocal(), retry: 0 } });
  try {
    await api(`${origin}/notes/1`, put({ title: '', body: '', stock: 0 }, '"v1"'));
  } catch (error) {
    const recovery = remerge.recoveryOf(/** @type {Error} */ (error));
    return recovery?.outcome === 'failed' ? recovery.code : recovery?.outcome;
  }
  return 'answered';
}

/** All of them, one after another. @param {Remerge} remerge @param {readonly string[]} origins */
export async function all(remerge, [server = '', lossy = '', nowhere = '']) {
  return {
    update: await update(remerge, server),
    wrapped: await wrapped(remerge, server),
    lost: await lost(remerge, lossy),
    unreached: await unreached(remerge, nowhere),
  };
}
