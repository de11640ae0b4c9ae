import { answers } from './answers.ts';
import { conflicts } from './conflicts.ts';
import { endings } from './endings.ts';
import { evidence } from './evidence.ts';
import { past } from './past.ts';
import { lostAnswers } from './lost-answers.ts';
import { merging } from './merging.ts';
import type { Mutant } from './mutant.ts';
import { operations } from './operations.ts';
import { probes } from './probe.ts';
import { creating } from './creating.ts';
import { servers } from './servers.ts';
import { tabs } from './tabs.ts';
import { forTests } from './testing.ts';

/** Every mutant that a named test has to kill. */
export const mutants: readonly Mutant[] = [
  ...answers,
  ...conflicts,
  ...endings,
  ...evidence,
  ...past,
  ...lostAnswers,
  ...merging,
  ...creating,
  ...servers,
  ...operations,
  ...probes,
  ...tabs,
  ...forTests,
];
