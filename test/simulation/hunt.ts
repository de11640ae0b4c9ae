import type { Machine } from '../mutants/hunt.ts';

/** Simulated users of one client, as what looks for faults. */
export function users({
  runs,
  seed,
  workers,
}: {
  readonly runs: number;
  readonly seed: string;
  readonly workers: number;
}): Machine {
  const order = ['--runs', String(runs), '--seed', seed, '--workers', String(workers)];
  const command = (kind: string): readonly string[] => [
    'test/simulation/main.ts',
    'clients',
    ...order,
    '--until',
    kind,
  ];
  return { unit: 'schedules', runs, command };
}
