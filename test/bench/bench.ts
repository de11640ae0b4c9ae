import type { Answer } from './figures.ts';

/** How much of it: `full` is what the figures in the docs are of, `quick` shows in seconds that it runs. */
interface Scale {
  readonly isQuick: boolean;
  /** What chance begins with: what the server loses, and which documents are merged. */
  readonly seed: number;
}

/** One question, and how it is answered. */
export interface Bench {
  /** By what it is asked for: `npm run bench -- contention`. */
  readonly name: string;
  readonly question: string;
  /** How it is measured, for people. */
  readonly how: string;
  readonly run: (scale: Scale) => Promise<Answer>;
}
