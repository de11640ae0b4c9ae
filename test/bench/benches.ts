import type { Bench } from './bench.ts';
import { conflict } from './questions/conflict.ts';
import { contention } from './questions/contention.ts';
import { cost } from './questions/cost.ts';
import { lostAnswers } from './questions/lost-answers.ts';
import { memory } from './questions/memory.ts';
import { merging } from './questions/merging.ts';
import { pouchdb } from './questions/pouchdb.ts';
import { processes } from './questions/processes.ts';
import { resources } from './questions/resources.ts';
import { sizes } from './questions/sizes.ts';

/** Every question, in the order in which it is answered. */
export const benches: readonly Bench[] = [
  cost,
  conflict,
  contention,
  processes,
  pouchdb,
  resources,
  lostAnswers,
  merging,
  sizes,
  memory,
];
