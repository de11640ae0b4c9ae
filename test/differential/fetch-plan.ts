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
  inner: { platform: 24, 'like a Response': 1, 'barely like one': 1, 'at once': 0.5 },
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

/** Has the signal of a call be in it, as a stream that stalls ends by it alone: what can't be made holds none. */
function signalled({ init, said, input }: FetchPlan): Partial<FetchPlan> {
  const isInRequest = input === 'Request' && said === 'in the Request';
  const plain = { address: 'plain', headers: 'record', extra: 'none', setting: 'none' } as const;
  const isNone = ['none', 'undefined', 'null', 'no object'].includes(init);
  return isInRequest ? plain : { ...plain, said: 'in init', ...(isNone && { init: 'plain' }) };
}

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
  // Which of two wrong things is named is nobody's promise.
  const isRefused = /(misspelt|wrong|malformed|navigate|same-origin|only-if-cached)$/.test(plan.setting);
  // Node forgets the referrer of a Request that it is given.
  const isForgotten = plan.input.startsWith('Request') && plan.setting.startsWith('referrer of');
  const isEarly = plan.body === 'stream without duplex' && plan.signal === 'aborted before';
  return {
    ...plan,
    ...(isForgotten && { setting: 'none' }),
    ...(isEarly && { signal: 'none' }),
    ...(isRefused && { address: 'plain', headers: 'record', extra: 'none', signal: 'none', init: 'plain' }),
    ...(['with credentials', 'malformed'].includes(plan.address) && { extra: 'none', signal: 'none' }),
    ...(plan.headers === 'given as null' && { signal: 'none' }),
    // A server that doesn't know a method of lower case says so before it is asked.
    ...(plan.method === 'patch' && { setting: 'none', body: 'text' }),
    ...(plan.address === 'refused port' && { signal: 'none' }),
    ...(isBare && { body: 'none' }),
    ...(isStalled && { body: 'stream that stalls', method: 'PUT', ...signalled(plan) }),
    // Whoever sends no JSON mostly doesn't say so.
    ...(isOddBody && { contentType: 'none' }),
  };
}
