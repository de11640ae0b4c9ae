import type { Column } from '../figures.ts';

/** What an update may come to that it shouldn't. */
export const faultColumns: readonly Column[] = [
  { name: 'lost', digits: 0, isFault: true },
  { name: 'doubled', digits: 0, isFault: true },
  { name: 'gave up', digits: 0, isFault: true },
];
