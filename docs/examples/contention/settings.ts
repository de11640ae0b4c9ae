import { parseArgs } from 'node:util';
import { clientNames, type ClientName } from './clients.ts';

export interface Settings {
  readonly writers: number;
  readonly edits: number;
  /** Which clients do the same work, one after the other. The first is the one that is judged. */
  readonly clients: readonly ClientName[];
}

export const help = `Several processes edit the same two documents at the same time.

Usage: npm start -- [--writers <number>] [--edits <number>] [--only <client>]

  --writers  how many processes write, 2 to 32 (default 4)
  --edits    how many edits each of them makes, 1 to 500 (default 25)
  --only     one client only: remerge, overwrite or give-up (default: all)
  --help     this text

Exit status: 0 if every edit was acknowledged and stands in the final documents
exactly once, 1 if not, 2 for a bad flag. The judged client is remerge, or the
one that --only names: with overwrite and give-up expect 1.
`;

/** The settings, or what is wrong with the flags, in one line. `undefined`: help was asked for. */
export function parseSettings(args: readonly string[]): Settings | string | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        writers: { type: 'string', default: '4' },
        edits: { type: 'string', default: '25' },
        only: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const { writers, edits, only } = values;
    if (!within(writers, 2, 32)) return `--writers takes a whole number from 2 to 32, not '${writers}'.`;
    if (!within(edits, 1, 500)) return `--edits takes a whole number from 1 to 500, not '${edits}'.`;
    const clients = clientNames.filter((name) => only === undefined || name === only);
    if (clients.length === 0) return `--only takes remerge, overwrite or give-up, not '${only ?? ''}'.`;
    return { writers: Number(writers), edits: Number(edits), clients };
  } catch (error) {
    return (error as Error).message.split('\n', 1)[0];
  }
}

const within = (text: string, least: number, most: number) =>
  /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= most;
