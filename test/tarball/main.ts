// Packs remerge and tries the tarball as its users do, outside of the repository. Ends with 1 where a promise is broken.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, env } from 'node:process';
import { installModules } from '../support/modules.ts';
import type { Check } from './check.ts';
import { app } from './checks/app.ts';
import { bundles } from './checks/bundles.ts';
import { consumers } from './checks/consumers.ts';
import { services } from './checks/services.ts';
import { worker } from './checks/worker.ts';
import { pack } from './place.ts';
import { home, NotHere } from './programs.ts';

// A signal by itself would leave programs behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const suites = { services, worker, app, bundles, consumers };
/** As many as this machine has use for: most of a check is one program's work. */
const lanes = 2;
const counts = { passed: 0, failed: 0, skipped: 0 };

async function tell({ promise, run }: Check): Promise<void> {
  const started = performance.now();
  const outcome = await run().then(
    (seen) => ({ mark: '✓', seen, kind: 'passed' }) as const,
    (error: unknown) =>
      error instanceof NotHere && env.CI !== 'true'
        ? ({ mark: '!!! NOT RUN:', seen: error.message, kind: 'skipped' } as const)
        : ({ mark: '✗', seen: error, kind: 'failed' } as const),
  );
  counts[outcome.kind] += 1;
  const time = `${(performance.now() - started).toFixed(0)} ms`.padStart(9);
  console.log(`${time}  ${outcome.mark} ${promise}:`, outcome.seen);
}

const folder = await mkdtemp(join(tmpdir(), 'remerge-tarball-'));
try {
  const [place] = await Promise.all([pack(folder), installModules(home)]);
  const wanted = argv.slice(2);
  const checks = Object.values(suites)
    .flatMap((suite) => suite(place))
    .filter(({ promise }) => wanted.every((word) => promise.includes(word)))
    .values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const check of checks) await tell(check);
    }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
