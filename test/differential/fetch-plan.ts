import type { Chance } from '../simulation/chance.ts';
import { answerChoices } from './answers.ts';
import { bodyChoices } from './bodies.ts';
import { choose, type Choices, type Chosen } from './choices.ts';
import { headerChoices } from './headers.ts';
import { inputChoices } from './inputs.ts';
import { lookChoices } from './looks.ts';
import { settingChoices } from './settings.ts';
import { signalChoices } from './signals.ts';

/** Everything about a call of fetch that is drawn before it begins. */
export const fetchChoices = {
  wrap: { 'every URL': 6, routes: 3, 'no route': 1, 'no memory': 1 },
  inner: { platform: 24, 'like a Response': 1, 'barely like one': 1 },
  ...inputChoices,
  ...bodyChoices,
  ...headerChoices,
  ...settingChoices,
  ...signalChoices,
  ...answerChoices,
  ...lookChoices,
} as const satisfies Choices;
export type FetchPlan = Chosen<typeof fetchChoices>;

const bodiless = new Set(['none', 'GET', 'get', 'HEAD', 'TRACE', 'CONNECT']);

/** What is odd of a call, in groups that go together. How it is said, its method and its answer are free in any case. */
const groups = [
  ['address'],
  ['headers'],
  ['extra'],
  ['setting'],
  ['signal', 'reason'],
  ['way', 'location'],
  ['inner'],
  ['body'],
] as const;

/** Draws a call. Most are odd in few ways, as the first one that fetch refuses hides all others. */
export function drawFetch(chance: Chance): FetchPlan {
  const drawn: Record<string, string> = choose(chance, fetchChoices);
  for (const group of groups)
    if (chance.happens(group[0] === 'body' ? 0.3 : 0.7))
      for (const name of group) drawn[name] = Object.keys(fetchChoices[name])[0] ?? '';
  const plan = drawn as FetchPlan;
  const isStalled = plan.signal === 'aborted while the body is sent';
  // A GET with a body is refused before anything else.
  const isBare = bodiless.has(plan.method) && chance.happens(0.9);
  const isOddBody = !['text', 'none'].includes(plan.body) && chance.happens(0.7);
  return {
    ...plan,
    ...(isBare && { body: 'none' }),
    ...(isStalled && { body: 'stream that stalls', method: 'PUT' }),
    // Whoever sends no JSON mostly doesn't say so.
    ...(isOddBody && { contentType: 'none' }),
  };
}
