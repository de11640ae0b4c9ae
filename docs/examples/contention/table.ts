import type { ClientName } from './clients.ts';
import type { Tally } from './proof.ts';

const names: Readonly<Record<ClientName, readonly [string, string]>> = {
  remerge: ['with', 'remerge'],
  overwrite: ['plain fetch,', 'overwrites'],
  'give-up': ['plain fetch,', 'gives up'],
};

const rows: readonly (readonly [string, (tally: Tally) => number | string])[] = [
  ['edits', ({ asked }) => asked],
  ['acknowledged by the server', ({ acknowledged }) => acknowledged],
  ['of these in the documents once', ({ kept }) => kept],
  ['of these LOST', ({ lost }) => lost],
  ['in the documents twice', ({ doubled }) => doubled],
  ['refused, and told so', ({ refused }) => refused],
  ['conflicts (409, 412)', ({ conflicts }) => conflicts],
  ['requests per acknowledged edit', perEdit],
];

function perEdit({ requests, acknowledged }: Tally): string {
  return acknowledged === 0 ? '-' : (requests / acknowledged).toFixed(1);
}

/** The tallies side by side, one column for each client; 77 columns wide for three. */
export function table(tallies: ReadonlyMap<ClientName, Tally>): readonly string[] {
  const line = (label: string, cells: readonly (number | string)[]) =>
    label.padEnd(32) + cells.map((cell) => String(cell).padStart(15)).join('');
  const clients = [...tallies.keys()];
  return [
    line(
      '',
      clients.map((client) => names[client][0]),
    ),
    line(
      '',
      clients.map((client) => names[client][1]),
    ),
    ...rows.map(([label, cell]) => line(label, [...tallies.values()].map(cell))),
  ];
}
