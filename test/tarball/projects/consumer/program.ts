// A program that uses the public types as an app does.
import {
  createClient,
  defineMerge,
  defineRoute,
  etag,
  field,
  giveUp,
  idempotencyKey,
  isRecoveryError,
  keepRemote,
  list,
  none,
  query,
  recoveryOf,
  set,
  text,
  threeWay,
  withConflictRecovery,
  type ClientOptions,
  type Conflict,
  type Frozen,
  type Question,
  type RecoveryEvent,
  type RecoveringFetch,
  type Resource,
  type Sides,
  type WriteResult,
} from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { describeConflicts, merge } from 'remerge/merge';
import { couchdb, type Server } from 'remerge/presets';
import * as z from 'zod';

const Note = z.object({
  title: z.string(),
  body: z.string(),
  tags: z.array(z.string()),
  items: z.array(z.object({ id: z.string(), done: z.boolean() })),
  due: z.iso.datetime().transform((text) => new Date(text)),
});
type Note = z.input<typeof Note>;
interface Document {
  readonly _id: string;
  readonly _rev: string;
  readonly n: number;
}

const routes = {
  'notes/:id': {
    schema: Note,
    version: etag({ weak: 'send' }),
    merge: threeWay<Note>({ '/tags': set(), '/body': text(), '/items': list({ key: 'id' }) }),
    onConflict: { gone: 'recreate' },
    server: { patches: [jsonPatch()] },
    retry: { limit: 3 },
  },
  'documents/:id': {
    server: { ...couchdb(), conflictStatuses: [409, 412] } satisfies Server,
    merge: defineMerge<Document>(({ remote, local }) => ({ ...remote, n: local.n }), { repeatable: true }),
    writeId: [field('/lastWrite'), idempotencyKey()],
  },
  'boards/:board/cards/:card': { version: { read: field('/_rev'), write: query('rev') } },
  settings: { version: none(), merge: ({ local }: Sides<{ readonly theme: string }>) => local },
} as const;

export const api = createClient({
  baseUrl: 'https://api.example.com/',
  routes,
  timeout: 5_000,
  defaults: { totalTimeout: 20_000, retry: 4, onConflict: { edited: ({ merged }) => merged } },
});
export const other: typeof api = api.extend({ retry: 0 });
export const options: ClientOptions<object> = { routes: {}, budget: false };

export async function save(id: string, signal?: AbortSignal): Promise<string> {
  const note: Resource<Note> = api.resource('notes/:id', { id });
  const opened = await note.read();
  const written: WriteResult<Frozen<Note>> = await note.update((draft) => {
    draft.tags.push(opened.value.title);
  });
  const outcome: 'applied' | 'merged' | 'already-applied' | 'unchanged' | 'accepted' = written.outcome;
  try {
    const recovery = { retry: 0, onConflict: { edited: 'fail' } } as const;
    await note.replace(
      { ...opened.value, title: outcome },
      { base: opened, recovery, keepalive: true, ...(signal && { signal }) },
    );
  } catch (error) {
    const question: Question<Frozen<Note>, WriteResult<Frozen<Note>>> | undefined = note.questionOf(error);
    if (!question) throw error;
    const decided: WriteResult<Frozen<Note>> = await question.resume({ ...question.merged, title: 'both' });
    await note.delete({ base: decided });
  }
  const card = api.resource('boards/:board/cards/:card', { board: 1, card: 'two' });
  const unknown: unknown = (await card.read()).value;
  return `${written.value.due} ${String(unknown)}`;
}

/** What went wrong, for a person. */
export function explain(error: unknown): string {
  if (!isRecoveryError(error)) return String(error);
  const { action, code, question, recovery } = error;
  if (question) return `Decide: ${question.conflicts.map(({ path }) => path).join()}`;
  if (action === 'retry') return 'Later.';
  return recovery?.outcome === 'failed' ? `${recovery.code} ${String(recovery.maybeApplied)}` : code;
}

export const recovering: RecoveringFetch = withConflictRecovery(fetch, {
  routes: [
    defineRoute('notes/:id', {
      schema: Note,
      merge: ({ base, local, remote }) => {
        if (base === undefined) return giveUp('It is not known what was changed.');
        if (local.title === base.title) return keepRemote();
        return remote.title === base.title ? { ...remote, title: local.title } : giveUp('Ask');
      },
    }),
    defineRoute({ test: (url) => url.endsWith('/settings') }, { merge: ({ remote }) => remote }),
  ],
  onEvent: (event: RecoveryEvent) => {
    if (event.kind === 'end') explain(event);
  },
});

export async function send(url: string, base: Note): Promise<number> {
  const answer: Response = await recovering(url, { method: 'PUT', body: JSON.stringify(base), base });
  return recoveryOf(answer)?.attempts.length ?? 0;
}

const merged = merge({ base: { n: 1 }, local: { n: 2 }, remote: { n: 3 } });
export const conflicts: readonly Conflict[] = merged.conflicts;
export const told: unknown = describeConflicts(merged.conflicts);
