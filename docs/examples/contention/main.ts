import { constants } from 'node:os';
import { verdict } from './proof.ts';
import { run } from './run.ts';
import { help, parseSettings, type Settings } from './settings.ts';
import { table } from './table.ts';
import { openTerminal } from './terminal.ts';

const settings = parseSettings(process.argv.slice(2));
if (settings === undefined) {
  process.stdout.write(help);
} else if (typeof settings === 'string') {
  process.stderr.write(`${settings.replace(/\.$/, '')}. See --help.\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await contend(settings);
}

/** The exit status. Whatever ends the run, no process and no file is left behind. */
async function contend(settings: Settings): Promise<number> {
  const undo: (() => unknown)[] = [];
  let cleaned: Promise<void> | undefined;
  // Once, whoever asks first: a signal may come while the run is outcome, and waits for the same.
  const cleanUp = () => (cleaned ??= inReverse(undo));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // What is under way is not waited for: it would go on and start what was just ended.
    process.once(signal, () => void cleanUp().finally(() => process.exit(128 + constants.signals[signal])));
  }
  try {
    return await tell(settings, (step) => undo.push(step));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    await cleanUp();
  }
}

async function inReverse(undo: readonly (() => unknown)[]): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

async function tell(settings: Settings, later: (step: () => unknown) => void): Promise<number> {
  const terminal = openTerminal(process.stdout);
  const { writers, edits, clients } = settings;
  terminal.print(
    `${writers} processes make ${edits} edits each, on the same two documents at the same time.`,
  );
  terminal.print('The server keeps them in SQLite: a note (ETag; 412 when stale) and a board');
  terminal.print('(version in the body; 409 when stale, with the latest state in it).');
  terminal.print();
  const tallies = await run(settings, terminal, later);
  for (const line of table(tallies)) terminal.print(line);
  terminal.print();

  const judged = clients[0] && tallies.get(clients[0]);
  if (judged === undefined) return 1;
  const passed = verdict(judged);
  const { kept, asked, lost, refused } = judged;
  terminal.print(
    passed
      ? `PASS  All ${asked} edits were acknowledged and stand in the documents exactly once.`
      : `FAIL  ${kept} of ${asked} edits stand in the documents once; ${lost} lost, ${refused} refused.`,
    passed ? 'green' : 'red',
  );
  return passed ? 0 : 1;
}
