import type { Column } from '../figures.ts';

/** What an update may come to that it shouldn't. */
export const faultColumns: readonly Column[] = [
  { name: 'lost', digits: 0, isFault: true },
  { name: 'doubled', digits: 0, isFault: true },
  { name: 'gave up', digits: 0, isFault: true },
];

/** What updates cost, in requests and in time, and what they come to. */
export const updateColumns: readonly Column[] = [
  { name: 'requests', digits: 0, isCompared: true },
  { name: 'ms', digits: 0, isCompared: true },
  ...faultColumns,
];
