import type { Chance } from '../simulation/chance.ts';
import { answerChoices } from './answers.ts';
import { choose, type Choices, type Chosen } from './choices.ts';
import { headerChoices } from './headers.ts';
import { hookChoices } from './hooks.ts';
import { settingChoices } from './settings.ts';
import { signalChoices } from './signals.ts';

/** Everything about a call of a client that is drawn before it begins. */
export const clientChoices = {
  route: { matches: 5, none: 2, another: 1 },
  verb: {
    put: 8,
    get: 8,
    post: 5,
    patch: 4,
    delete: 4,
    head: 2,
    query: 1,
    itself: 2,
    'itself with a method': 2,
  },
  address: {
    string: 10,
    URL: 2,
    Request: 3,
    'Request with a body': 2,
    'with baseUrl': 5,
    'with a baseUrl of type URL': 1,
    'with a slash and baseUrl': 1,
    'with prefix': 2,
    'with prefix and baseUrl': 1,
    'with prefixUrl': 0.5,
    'with a hash': 1,
    'with credentials': 1,
    relative: 0.5,
    malformed: 0.5,
    'refused port': 1,
    'blocked port': 1,
    'no input': 0.2,
  },
  /** Which options are said where. */
  said: { 'at the call': 6, 'by the instance': 3, 'by an extension': 2, 'by an extending function': 1 },
  payload: {
    json: 14,
    none: 5,
    'json null': 1,
    'json false': 1,
    'json empty text': 1,
    'json in a cycle': 1,
    'json with toJSON': 1,
    'json undefined': 1,
    'json and body': 1,
    text: 3,
    FormData: 1,
    URLSearchParams: 1,
    Blob: 1,
    bytes: 1,
    stream: 1,
    'stream that fails': 0.5,
    'empty text': 1,
    null: 1,
  },
  searchParams: {
    none: 12,
    record: 2,
    text: 1,
    pairs: 1,
    URLSearchParams: 1,
    'with undefined': 1,
    'empty text': 1,
  },
  throwHttpErrors: { none: 8, true: 1, false: 4, function: 2, 'function that throws': 0.3 },
  parseJson: { none: 12, own: 2, changing: 1, 'that throws': 1, asynchronous: 1 },
  stringifyJson: { none: 10, own: 3, 'that throws': 0.5 },
  retry: { '0': 6, none: 3, '1': 2, 'of all methods': 2, 'by shouldRetry': 1 },
  progress: { none: 12, download: 1, upload: 1 },
  fetch: { platform: 6, own: 4 },
  clientLook: {
    json: 8,
    'json of the answer': 3,
    'json(null)': 1,
    'json(undefined)': 1,
    'json(schema)': 1,
    'json(failing schema)': 1,
    text: 2,
    blob: 1,
    arrayBuffer: 1,
    bytes: 1,
    formData: 1,
    answer: 6,
    'text twice': 1,
    'after the answer': 1,
    clone: 1,
  },
  ...hookChoices,
  ...headerChoices,
  ...settingChoices,
  ...signalChoices,
  ...answerChoices,
} as const satisfies Choices;
export type ClientPlan = Chosen<typeof clientChoices>;

const groups = [
  ['address'],
  ['headers'],
  ['extra'],
  ['setting'],
  ['signal', 'reason'],
  ['way', 'location'],
  ['searchParams'],
  ['progress'],
  ['payload'],
  ['parseJson', 'stringifyJson'],
  ['hooks', 'hooks2'],
] as const;

const ownBody: ReadonlySet<string> = new Set(['post', 'put', 'patch', 'delete', 'itself with a method']);

/** Draws a call, odd in few ways. */
export function drawClient(chance: Chance): ClientPlan {
  const drawn: Record<string, string> = choose(chance, clientChoices);
  for (const group of groups)
    if (chance.happens(group[0] === 'hooks' || group[0] === 'payload' ? 0.4 : 0.65))
      for (const name of group) drawn[name] = Object.keys(clientChoices[name])[0] ?? '';
  const plan = drawn as ClientPlan;
  const isCopied = /afterResponse|all that look/.test(plan.hooks + plan.hooks2);
  const isRecovering =
    plan.route === 'matches' && (ownBody.has(plan.verb) || plan.hooks === 'init sets a method');
  // A client without headers may be told so by null; ky throws.
  const isNone = plan.headers === 'given as null';
  const isBare = !ownBody.has(plan.verb) && plan.address !== 'Request with a body' && chance.happens(0.9);
  // A hook, and ky for its error, read an answer before its caller is given it.
  const isRead = plan.signal === 'aborted while the answer is read';
  const isStalled = plan.signal === 'aborted while the body is sent';
  return {
    ...plan,
    ...(isNone && { headers: 'none' }),
    // By a client, only a hook has ky repeat a write.
    ...(isRecovering && { retry: plan.hooks.startsWith('afterResponse retries') ? 'none' : '0' }),
    // A fetch of the user's own is called more often where nothing left and the write is conditional, as that is sent
    // again; and later where a body is uploaded, as that is kept first.
    ...((plan.address === 'refused port' || plan.progress === 'upload') && { fetch: 'platform' }),
    ...(isBare && { payload: 'none' }),
    ...(isStalled && { signal: 'aborted while the answer is awaited' }),
    ...(isRead && { status: '200', hooks: 'none', hooks2: 'none', progress: 'none', setting: 'none' }),
    // Whether it has broken off by the time that a hook is given its copy is chance; so is how much was uploaded.
    ...(isCopied && { way: 'whole' }),
    ...(plan.progress === 'upload' && { signal: 'none' }),
    // What never left is no more repeated by ky than what did.
    ...(plan.hooks.startsWith('afterResponse retries') && { extra: 'none', address: 'string' }),
    ...(!plan.payload.startsWith('json') && chance.happens(0.7) && { contentType: 'none' }),
  };
}
