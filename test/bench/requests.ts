import { etag, withConflictRecovery } from 'remerge';
import { startNotes } from './notes.ts';
import { printTable, verdict } from './table.ts';

/** Counts the requests of one write that meets one conflict, at a real server. */
async function requestsOf(tells: boolean): Promise<readonly string[]> {
  const server = await startNotes(tells);
  try {
    const recovering = withConflictRecovery(fetch, {
      routes: {
        'notes/:id': {
          version: etag(),
          merge: ({ local, remote }) => ({ ...(remote as object), ...(local as object) }),
          ...(tells ? { remoteInConflict: (_: Response, body: unknown) => body } : {}),
        },
      },
    });
    const headers = { 'content-type': 'application/json', 'if-match': '"1"' };
    server.moveOn();
    const response = await recovering(server.url, { method: 'PUT', headers, body: '{"title":"Bread"}' });
    if (response.status !== 204) throw new Error(`The write ended with ${String(response.status)}.`);
    return server.log;
  } finally {
    server.close();
  }
}

export async function benchRequests(): Promise<void> {
  const row = async (what: string, tells: boolean, atMost: number): Promise<readonly string[]> => {
    const log = await requestsOf(tells);
    return [
      what,
      String(log.length),
      String(atMost),
      verdict({ figure: log.length, atMost }),
      log.join(', '),
    ];
  };
  printTable(
    'Requests for one recovered write, counted at a server',
    ['the refusal', 'requests', 'at most', '', 'which'],
    [await row('says no more than 412', false, 3), await row('carries the representation', true, 2)],
  );
}
