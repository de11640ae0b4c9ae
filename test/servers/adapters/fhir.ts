import { join } from 'node:path';
import { execPath } from 'node:process';
import { list, threeWay } from 'remerge';
import { fhir as preset } from 'remerge/presets';
import { sendJson, type Adapter, type Ask } from '../adapter.ts';
import { home, start } from '../process.ts';

interface Item {
  readonly linkId: string;
  readonly answer: readonly { readonly valueString: string }[];
}
interface Answers {
  readonly resourceType: 'QuestionnaireResponse';
  readonly id: string;
  readonly meta?: { readonly versionId: string };
  readonly status: 'in-progress';
  readonly item: readonly Item[];
}

const kind = 'QuestionnaireResponse';
const answer = (linkId: string, valueString: string): Item => ({ linkId, answer: [{ valueString }] });

/** FHIR R4, as Medplum's router and its repository in memory serve it. An edit is the answer to a question. */
export const fhir: Adapter<Answers> = {
  name: 'fhir',
  title: 'Medplum FHIR router',
  from: 'npm',
  start: ({ folder, port }) =>
    start({
      program: execPath,
      args: [join(home, 'launch/fhir.ts'), String(port)],
      folder,
      url: `http://127.0.0.1:${port}/`,
    }),
  route: () => ({ merge: threeWay({ '/item': list({ key: 'linkId' }) }), server: preset() }),
  read: (id) => ({ path: `${kind}/${id}` }),
  write: (id, state) => put(`${kind}/${id}`, state),
  create: (id, state) => put(`${kind}/${id}`, state),
  remove: (id) => ({ path: `${kind}/${id}`, method: 'DELETE' }),
  draft: (id) => ({ resourceType: kind, id, status: 'in-progress', item: [answer('title', 'new')] }),
  edit: (state, name, value) => {
    const isAnswered = state.item.some(({ linkId }) => linkId === name);
    const items = state.item.map((item) => (item.linkId === name ? answer(name, value) : item));
    return { ...state, item: isAnswered ? items : [...items, answer(name, value)] };
  },
  edits: ({ item }) =>
    Object.fromEntries(item.map(({ linkId, answer }) => [linkId, answer[0]?.valueString ?? ''])),
  bare: ({ resourceType, id, status, item }) => ({ resourceType, id, status, item }),
  version: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a search that finds more than one',
    before: (id) => [put(`${kind}/${id}-too`, fhir.draft(`${id}-too`))],
    // It goes out under a version, so that its 412 could be a conflict.
    ask: (_, { meta, resourceType, status, item }) =>
      put(
        `${kind}?status=${status}`,
        { resourceType, status, item },
        { 'if-match': `W/"${meta?.versionId ?? ''}"` },
      ),
  },
  skips: { create: 'a PUT of an id that exists updates it, and a POST makes an id of its own' },
};

function put(path: string, state: Omit<Answers, 'id'>, headers: Readonly<Record<string, string>> = {}): Ask {
  return sendJson('PUT', path, state, { 'content-type': 'application/fhir+json', ...headers });
}
