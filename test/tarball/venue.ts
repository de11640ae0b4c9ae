import { deepEqual } from 'node:assert/strict';
import { startServer } from '../../docs/examples/server/server.ts';
import { freePort } from '../servers/process.ts';
import { startProxy } from '../servers/proxy.ts';

/** A server with notes to write to, for one check. */
interface Venue {
  /** What a program is told: the server, a way to it that loses the first answer to a write, and where nobody is. */
  readonly origins: readonly string[];
  /** Compares what a program reports with what the server saw. Gives both in a line. */
  readonly compare: (reported: string, expected: Readonly<Record<string, string>>) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const recovered = ['PUT 204 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"'];

/** For each write that a program may make: what the server sees of it, after it was read, and the note that it leaves. */
const scenes: Readonly<Record<string, { readonly log: readonly string[]; readonly note: object }>> = {
  update: { log: recovered, note: { title: 'Food', body: 'Milk\n', stock: 2 } },
  wrapped: { log: recovered, note: { title: 'Food', body: 'Milk\nEggs\n', stock: 1 } },
  lost: { log: ['PUT 204 "v1"'], note: { title: 'Plan', body: 'Bread\n', stock: 1 } },
  // Three updates, two of them at once: who meets whom is open.
  shared: { log: [], note: { title: 'Plan', body: 'Milk\n', stock: 4 } },
};

async function openVenue(): Promise<Venue> {
  const lines: { readonly path: string; readonly line: string }[] = [];
  const server = await startServer({ log: (line, path) => lines.push({ path, line }) });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ title: 'Plan', body: 'Milk\n', stock: 1 });
  for (const name of Object.keys(scenes))
    await fetch(`${server.url}/notes/${name}`, { method: 'PUT', headers, body });
  lines.length = 0;
  const proxy = await startProxy(new URL(server.url));
  proxy.lose('PUT');

  async function seen(name: string): Promise<{ readonly log: readonly string[]; readonly note: unknown }> {
    const log = lines.filter(({ path }) => path === `/notes/${name}`).map(({ line }) => line);
    const note: unknown = await (await fetch(`${server.url}/notes/${name}`)).json();
    return { log, note };
  }

  return {
    origins: [server.url, proxy.url.origin, `http://127.0.0.1:${await freePort()}`],
    async compare(reported, expected) {
      const report = JSON.parse(reported) as object;
      deepEqual(report, expected);
      for (const [name, { log, note }] of Object.entries(scenes).filter(([name]) => name in expected)) {
        const found = await seen(name);
        // A page asks first whether it may write, and what is read before is read in any way.
        const writes = found.log.filter((line) => !line.startsWith('OPTIONS'));
        const from = writes.findIndex((line) => line.startsWith('PUT'));
        deepEqual({ ...found, log: writes.slice(from, from + log.length) }, { note, log }, name);
      }
      const told = Object.entries(report).map((entry) => entry.join(' '));
      return `${told.join(', ')}; of each recovered write the server saw ${recovered.slice(1).join(', ')}`;
    },
    async stop() {
      await proxy.stop();
      await server.close();
    },
  };
}

/** Runs a program against a venue of its own. */
export async function atVenue(
  expected: Readonly<Record<string, string>>,
  program: (origins: readonly string[]) => Promise<string>,
): Promise<string> {
  const venue = await openVenue();
  try {
    return await venue.compare(await program(venue.origins), expected);
  } finally {
    await venue.stop();
  }
}
