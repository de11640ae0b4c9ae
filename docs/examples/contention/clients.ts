import { etag, field, withConflictRecovery } from 'remerge';
import type { Edit } from './edits.ts';
import { mergeBoard, mergeNote } from './merge.ts';
import type { Listener } from './story.ts';

/** How a writer saves: with remerge, or in one of the two ways that are common without it. */
export const clientNames = ['remerge', 'overwrite', 'give-up'] as const;
export type ClientName = (typeof clientNames)[number];

/** Reads, changes, writes; returns whether the server acknowledged the edit. */
export type Save = (url: string, edit: Edit, think: () => Promise<void>) => Promise<boolean>;

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export function client(name: ClientName, onEvent: Listener): Save {
  switch (name) {
    case 'remerge':
      return readChangeWrite(withRemerge(onEvent));
    case 'give-up':
      return readChangeWrite(fetch);
    case 'overwrite':
      return overwrite;
  }
}

function withRemerge(onEvent: Listener): Fetch {
  return withConflictRecovery(fetch, {
    routes: {
      'notes/:id': { version: etag(), merge: mergeNote },
      'boards/:id': { merge: mergeBoard, version: field('/version'), server: { classify: latest } },
    },
    onEvent,
    defaults: {
      retry: {
        // The default of 5 is for people; here many processes do nothing but write to two documents.
        limit: 50,
      },
    },
  });
}

/** The board's server sends its latest state along with a 409. */
const latest = (_: Response, body: unknown) => ({
  state: (body as { readonly current?: unknown } | null)?.current,
});

/** Nothing here knows about conflicts: with remerge's fetch they don't show, with a plain one the edit is given up. */
function readChangeWrite(send: Fetch): Save {
  return async (url, edit, think) => {
    const read = await send(url);
    const document: unknown = await read.json();
    await think();
    const written = await send(url, put(change(edit, document), read));
    await written.body?.cancel();
    return written.ok;
  };
}

/** At a conflict it takes the new version, and sends its own document again under it. */
const overwrite: Save = async (url, edit, think) => {
  let read = await fetch(url);
  const document = change(edit, await read.json());
  await think();
  for (;;) {
    const written = await fetch(url, put(document, read));
    await written.body?.cancel();
    if (written.status !== 409 && written.status !== 412) return written.ok;
    read = await fetch(url);
    Object.assign(document, versionIn(await read.json()));
  }
};

const change = (edit: Edit, document: unknown): object =>
  // The address decides which of the two the server has sent.
  edit.on === 'note'
    ? edit.apply(document as Parameters<typeof edit.apply>[0])
    : edit.apply(document as Parameters<typeof edit.apply>[0]);

function versionIn(document: unknown): object {
  return typeof document === 'object' && document && 'version' in document
    ? { version: document.version }
    : {};
}

/** A write of the version that was read: a note's stands in the header, a board's is in the body already. */
function put(document: object, read: Response): RequestInit {
  const etag = read.headers.get('etag');
  const headers = { 'content-type': 'application/json', ...(etag !== null && { 'if-match': etag }) };
  return { method: 'PUT', headers, body: JSON.stringify(document) };
}
