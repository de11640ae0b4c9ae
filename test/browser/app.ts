import {
  createClient,
  field,
  recoveryOf,
  threeWay,
  withConflictRecovery,
  type RecoveryEvent,
  type Resource,
} from 'remerge';

/** How a write came out, as the page can tell it to a test. */
export interface Told {
  readonly status?: number | undefined;
  readonly outcome?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly maybeApplied?: boolean | undefined;
  readonly attempts?: number | undefined;
}

/** What a test may say of a write. The delay is the same before each retry, in milliseconds. */
export interface Said {
  readonly delay?: number;
  readonly limit?: number;
  readonly keepalive?: boolean;
  readonly reverts?: boolean;
}

const events: RecoveryEvent['kind'][] = [];

/** Saves a note that was opened in version 1, by a wrapped fetch. */
export async function save(url: string, base: object, local: object, said: Said = {}): Promise<Told> {
  const { delay = 0, limit = 5, keepalive = false, reverts = true } = said;
  const recovering = withConflictRecovery(fetch, {
    routes: { 'notes/:id': { merge: threeWay(), server: { reverts } } },
    onEvent: ({ kind }) => events.push(kind),
    defaults: { retry: { delay: () => delay, jitter: false, limit } },
  });
  try {
    const response = await recovering(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': '"v1"' },
      body: JSON.stringify(local),
      base,
      keepalive,
    });
    return told(response, response.status);
  } catch (error) {
    return told(error);
  }
}

/** Changes a note by a client's handle, stamped with an id of the write. */
export async function rename(url: string, title: string): Promise<Told> {
  const { origin, pathname } = new URL(url);
  const api = createClient({ baseUrl: origin, routes: { 'notes/:id': { writeId: field('/lastWrite') } } });
  try {
    const note = api.resource('notes/:id', { id: pathname.split('/').at(-1) ?? '' });
    const { outcome, attempts, response } = await note.update(
      (draft) => ({ ...Object(draft), title }) as unknown,
    );
    return { status: response.status, outcome, attempts: attempts.length };
  } catch (error) {
    return told(error);
  }
}

const notes = new Map<string, Resource>();

/** Adds lines to a note, one after another, and says how each came out. A page has one client for each note. */
export async function add(
  url: string,
  lines: readonly string[],
  acrossTabs: boolean,
): Promise<readonly string[]> {
  const { origin, pathname } = new URL(url);
  const note =
    notes.get(url) ??
    createClient({ baseUrl: origin, routes: { 'notes/:id': {} }, acrossTabs }).resource('notes/:id', {
      id: pathname.split('/').at(-1) ?? '',
    });
  notes.set(url, note);
  const endings: string[] = [];
  for (const line of lines) {
    const { outcome } = await note.update((draft) => {
      (draft as { body: string }).body += `\n${line}`;
    });
    endings.push(outcome);
  }
  return endings;
}

/** What happened to the writes of this page, so far. */
export function seen(): readonly string[] {
  return events;
}

function told(came: unknown, status?: number): Told {
  const report = recoveryOf(came);
  if (!report) return { status, message: String(came) };
  const { outcome, attempts } = report;
  const base = { status, outcome, attempts: attempts.length };
  return report.outcome === 'failed'
    ? { ...base, code: report.code, message: report.message, maybeApplied: report.maybeApplied }
    : base;
}
