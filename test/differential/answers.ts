import type { Choices } from './choices.ts';
import type { Answer, Arrived, Script, Way } from './stage.ts';

export const answerChoices = {
  status: {
    '200': 30,
    '201': 3,
    '202': 1,
    '204': 6,
    '205': 1,
    '206': 1,
    '301': 1,
    '302': 1,
    '303': 2,
    '304': 1,
    '307': 2,
    '308': 2,
    '400': 2,
    '401': 1,
    '403': 1,
    '404': 2,
    '408': 1,
    '409': 2,
    '410': 1,
    '412': 2,
    '422': 1,
    '428': 1,
    '429': 1,
    '500': 1,
    '501': 1,
    '503': 2,
  },
  location: {
    'same origin': 4,
    'other origin': 2,
    none: 1,
    malformed: 1,
    'with a hash': 1,
    'refused port': 1,
    'to itself': 0.2,
    'another scheme': 1,
  },
  way: { whole: 24, 'broken off': 2, reset: 1, 'reset after its head': 1 },
  content: {
    json: 10,
    html: 2,
    bytes: 1,
    'form fields': 1,
    'form data': 1,
    'bad UTF-8': 1,
    'byte order mark': 1,
    empty: 3,
  },
  contentType: {
    json: 10,
    none: 2,
    'json with a charset': 3,
    'in odd case': 2,
    'quoted parameter': 2,
    html: 2,
    nonsense: 1,
    empty: 1,
    form: 2,
    'form data': 2,
    'two types': 1,
  },
  shown: { nothing: 4, etag: 3, cookies: 1, 'Retry-After': 1, 'odd headers': 1 },
  /** What a read shows that a recovery makes. */
  reread: { 'moved on': 3, unmoved: 2, gone: 1 },
} as const satisfies Choices;
export type AnswerPlan = { readonly [Name in keyof typeof answerChoices]: string };

const contents: Readonly<Record<string, Buffer>> = {
  json: Buffer.from('{"a":1}'),
  html: Buffer.from('<!doctype html><p>Sign in</p>'),
  bytes: Buffer.from([0, 255, 254, 1]),
  'form fields': Buffer.from('a=1&b=%C3%A9'),
  'form data': Buffer.from('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'),
  'bad UTF-8': Buffer.from([123, 34, 97, 34, 58, 34, 0xc3, 34, 125]),
  'byte order mark': Buffer.from('\ufeff{"a":1}'),
};

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  'json with a charset': 'application/json; charset=utf-8',
  'in odd case': 'Application/Merge-Patch+JSON;  Charset=UTF-8',
  'quoted parameter': 'text/plain;charset="x y"',
  html: 'text/html',
  nonsense: 'no type',
  empty: '',
  form: 'application/x-www-form-urlencoded',
  'form data': 'multipart/form-data; boundary=x',
  'two types': 'text/plain, application/json',
};

const shown: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  etag: [['ETag', '"1"']],
  cookies: [
    ['Set-Cookie', 'a=b; Path=/'],
    ['Set-Cookie', 'c=d'],
  ],
  'Retry-After': [['Retry-After', '0']],
  'odd headers': [
    ['X-Twice', 'a'],
    ['X-Twice', 'b'],
    ['X-Empty', ''],
  ],
};

/** Where the answers of a script are. */
export interface Place {
  readonly here: string;
  readonly elsewhere: string;
  readonly nowhere: string;
}

const ok = (status: number, body: string, headers: Answer['headers'] = []): Answer => ({
  status,
  headers: [['Content-Type', 'application/json'], ...headers],
  body: Buffer.from(body),
  way: 'whole',
});

/** A script that gives the planned answer to the first request, and to others what a sane server would. */
export function scriptOf(plan: AnswerPlan, way: Way, place: Place): Script {
  const planned = plannedAnswer(plan, way, place);
  const rereads: Readonly<Record<string, Answer>> = {
    'moved on': ok(200, '{"a":1,"b":3}', [['ETag', '"2"']]),
    unmoved: ok(200, '{"a":1}', [['ETag', '"1"']]),
    gone: ok(404, '{}'),
  };
  return {
    answer({ path, method }: Arrived, before) {
      // What waits for its end waits wherever it is sent.
      const isLast = way === 'held' || way === 'stuck';
      if (path === 'onward') return { ...ok(200, '{"at":"onward"}'), way: isLast ? way : 'whole' };
      const isReread = method === 'GET' && before.some((other) => other.method !== 'GET');
      const isWriteAgain = before.some((other) => other.method === 'GET' && before[0] !== other);
      if (isReread) return rereads[plan.reread] ?? planned;
      return isWriteAgain ? ok(200, '{"a":4}', [['ETag', '"3"']]) : planned;
    },
  };
}

function plannedAnswer(plan: AnswerPlan, way: Way, { here, elsewhere, nowhere }: Place): Answer {
  const locations: Readonly<Record<string, string>> = {
    'same origin': new URL('onward', here).pathname,
    'other origin': `${elsewhere}onward`,
    malformed: 'http://[',
    'with a hash': `${here}onward#place`,
    'refused port': `${nowhere}onward`,
    'to itself': '',
    'another scheme': 'ftp://127.0.0.1/',
  };
  const status = Number(plan.status);
  const location = status >= 300 && status < 400 ? locations[plan.location] : undefined;
  const type = types[plan.contentType];
  return {
    status,
    headers: [
      ...(type === undefined ? [] : ([['Content-Type', type]] as const)),
      ...(location === undefined ? [] : ([['Location', location]] as const)),
      ...(shown[plan.shown] ?? []),
    ],
    body: contents[plan.content] ?? Buffer.alloc(0),
    // It is the answer at the end of all redirects that gets stuck.
    way: way === 'whole' || (way === 'stuck' && location !== undefined) ? (plan.way as Way) : way,
  };
}
