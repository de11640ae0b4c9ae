import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, start } from '../../servers/process.ts';
import { once, type Check, type Suite } from '../check.ts';
import { project } from '../place.ts';
import { succeed, tool } from '../programs.ts';
import { oldestWorker, versionOf, workerd } from '../runtimes.ts';
import { atVenue } from '../venue.ts';

const newest = '2026-11-01';

const recovered = { update: 'merged', wrapped: 'merged', lost: 'already-applied' };
// It doesn't say whether a connection was made.
const expected = { ...recovered, unreached: 'outcome-unknown', shared: 'applied' };

/** A worker that was bundled for production, in Cloudflare's runtime. */
export const worker: Suite = (place) => {
  const folder = once(() => project(place, 'worker'));

  const check = (date: string): Check => ({
    promise: `${workerd.name} (${versionOf(workerd.from)}, as of ${date}) recovers writes`,
    run: async () => {
      const path = await folder();
      return atVenue(expected, (origins) => writesOf(path, date, origins));
    },
  });
  return [check(oldestWorker), check(newest)];
};

async function writesOf(folder: string, date: string, origins: readonly string[]): Promise<string> {
  const bundle = `worker-${date}.js`;
  const flags = ['--bundle', '--minify', '--format=esm', '--conditions=workerd', '--log-level=warning'];
  const defined = { NODE_ENV: 'production', ORIGINS: origins.join(' ') };
  const defines = Object.entries(defined).map(
    ([name, value]) => `--define:process.env.${name}=${JSON.stringify(value)}`,
  );
  const args = ['worker.js', `--outfile=${bundle}`, ...flags, ...defines];
  await succeed(tool('esbuild/bin/esbuild'), args, folder);

  const port = await freePort();
  const settings = join(folder, `worker-${date}.capnp`);
  await writeFile(settings, settingsOf(bundle, date, port));
  const program = tool(`${workerd.from}/${workerd.program}`);
  const url = `http://127.0.0.1:${port}/`;
  const running = await start({ program, args: ['serve', settings], folder, url });
  try {
    const report = JSON.parse(await ask(`${url}all`)) as object;
    const first: unknown = JSON.parse(await ask(`${url}first`));
    await Promise.all([ask(`${url}own`), ask(`${url}own`)]);
    return JSON.stringify({ ...report, shared: first });
  } finally {
    await running.stop();
  }
}

async function ask(url: string): Promise<string> {
  const answer = await fetch(url);
  if (answer.ok) return answer.text();
  throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}

/** What workerd is told: the worker, where it listens, and that it reaches this machine and nothing else. */
function settingsOf(bundle: string, date: string, port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "worker",
      worker = (
        modules = [(name = "worker", esModule = embed "${bundle}")],
        compatibilityDate = "${date}",
        globalOutbound = "machine" ) ),
    (name = "machine", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);
`;
}
