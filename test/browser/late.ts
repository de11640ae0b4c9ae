import { etag, recoveryOf, threeWay, withConflictRecovery } from 'remerge/lazy';
import type { Told } from './app.ts';

const recovering = withConflictRecovery(fetch, {
  recovery: () => import('remerge/recovery'),
  routes: { 'notes/:id': { merge: threeWay(), version: etag(), retry: { delay: () => 0, jitter: false } } },
});

/** Saves a note, by a wrapped fetch whose recovery is loaded beside its first write. */
export async function save(url: string, base: object, local: object, version = '"v1"'): Promise<Told> {
  try {
    const response = await recovering(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': version },
      body: JSON.stringify(local),
      base,
    });
    const report = recoveryOf(response);
    const code = report?.outcome === 'failed' ? report.code : undefined;
    return { status: response.status, outcome: report?.outcome, code, attempts: report?.attempts.length };
  } catch (error) {
    return { message: String(error) };
  }
}

/** The name of what has built this app: a page has one for each. */
declare const bundler: string;

const { apps = {} } = globalThis as { apps?: Record<string, object> };
Object.assign(globalThis, { apps: { ...apps, [bundler]: { save } } });
