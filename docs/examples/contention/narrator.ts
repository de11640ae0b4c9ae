import type { ClientName } from './clients.ts';
import type { Edited } from './messages.ts';
import type { Terminal } from './terminal.ts';

/** Tells a run while it goes on: the first few conflicts in full, the rest in numbers. */
export interface Narrator {
  edited(edited: Edited): void;
  finished(): void;
}

export function narrate(client: ClientName, total: number, terminal: Terminal): Narrator {
  const untold = new Set(['note', 'board', 'wait']);
  const all: Edited[] = [];
  terminal.print(titles[client], 'bold');

  return {
    edited(edited) {
      all.push(edited);
      // The first conflict on each document, and the first that had to wait.
      if (edited.conflicts > 0 && untold.delete(edited.conflicts > 1 ? 'wait' : edited.on)) {
        terminal.print(`  Writer ${edited.writer} ${edited.does} (${edited.mark}) on the ${edited.on}:`);
        for (const line of edited.story) terminal.print(`    ${line}`, 'dim');
      }
      terminal.progress(all.length, total, `  ${all.length} of ${total} edits`);
    },
    finished() {
      if (client === 'remerge') for (const line of summary(all)) terminal.print(line);
      terminal.print();
    },
  };
}

const titles: Readonly<Record<ClientName, string>> = {
  remerge: 'With remerge',
  overwrite: 'Plain fetch, overwrites: at 409 or 412 takes the new version, sends again',
  'give-up': 'Plain fetch, gives up: at 409 or 412 drops the edit and shows an error',
};

/** What each writer met. */
function summary(all: readonly Edited[]): readonly string[] {
  const writers = [...new Set(all.map(({ writer }) => writer))].sort((one, other) => one - other);
  return writers.map((writer) => {
    const own = all.filter((edited) => edited.writer === writer);
    const conflicts = own.map((edited) => edited.conflicts);
    const met = conflicts.filter((count) => count > 0).length;
    const most = Math.max(...conflicts);
    return `  Writer ${writer}: ${own.length} edits, ${met} met a conflict, at most ${most} in a row`;
  });
}
