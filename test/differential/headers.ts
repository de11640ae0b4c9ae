import type { Choices } from './choices.ts';

export const headerChoices = {
  headers: {
    record: 8,
    none: 3,
    Headers: 2,
    pairs: 2,
    'record without prototype': 1,
    'inherited record': 1,
    iterator: 1,
    'given as null': 0.4,
    text: 0.4,
  },
  contentType: {
    json: 10,
    none: 4,
    'json with a charset': 2,
    text: 1,
    'merge patch': 1,
    'in odd case': 1,
    nonsense: 1,
  },
  precondition: { none: 5, 'If-Match': 5, 'If-None-Match': 1, 'If-Unmodified-Since': 1 },
  extra: {
    none: 14,
    own: 4,
    'odd value': 1,
    'padded value': 1,
    'empty value': 1,
    twice: 1,
    'in two cases': 1,
    'number as value': 1,
    'undefined as value': 1,
    authorization: 1,
    accept: 1,
    'Idempotency-Key': 1,
    cookie: 1,
    'illegal name': 1,
    'illegal value': 1,
    'wide value': 1,
    'Transfer-Encoding': 1,
    Expect: 1,
    Connection: 1,
    host: 1,
  },
} as const satisfies Choices;

type Pair = readonly [name: string, value: unknown];
type Named = { readonly [Name in keyof typeof headerChoices]: string };

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  'json with a charset': 'application/json; charset=utf-8',
  text: 'text/plain',
  'merge patch': 'application/merge-patch+json',
  'in odd case': 'Application/JSON ;  Charset="UTF-8"',
  nonsense: 'no/type/at all;;',
};

const extras: Readonly<Record<string, readonly Pair[]>> = {
  own: [['X-Own', 'h']],
  'odd value': [['x-own', 'caf\u00e9 \u00ff']],
  'padded value': [['x-own', '  h\t']],
  'empty value': [['x-own', '']],
  twice: [
    ['x-own', 'a'],
    ['x-own', 'b'],
  ],
  'in two cases': [
    ['X-Own', 'a'],
    ['x-own', 'b'],
  ],
  'number as value': [['x-own', 5]],
  'undefined as value': [['x-own', undefined]],
  authorization: [['authorization', 'Bearer t']],
  accept: [['accept', 'text/*, application/json;q=0.5']],
  'Idempotency-Key': [['idempotency-key', '"k1"']],
  cookie: [['cookie', 'a=b']],
  'illegal name': [['no name', 'h']],
  'illegal value': [['x-own', 'a\nb']],
  'wide value': [['x-own', '\u2713']],
  'Transfer-Encoding': [['transfer-encoding', 'chunked']],
  Expect: [['expect', '100-continue']],
  Connection: [['connection', 'upgrade']],
  host: [['host', 'example.com']],
};

const preconditions: Readonly<Record<string, readonly Pair[]>> = {
  'If-Match': [['If-Match', '"1"']],
  'If-None-Match': [['if-none-match', '*']],
  'If-Unmodified-Since': [['if-unmodified-since', 'Tue, 01 Jul 2025 10:00:00 GMT']],
};

/** Makes the headers of a call anew; `undefined` where it names none. What is no header stays in for fetch to refuse. */
export function giveHeaders({ headers: form, contentType, precondition, extra }: Named): unknown {
  const type = types[contentType];
  const pairs: Pair[] = [
    ...(type === undefined ? [] : [['Content-Type', type] as const]),
    ...(preconditions[precondition] ?? []),
    ...(extras[extra] ?? []),
  ];
  const record = Object.fromEntries(pairs);
  const forms: Readonly<Record<string, () => unknown>> = {
    record: () => record,
    Headers: () => headersOf(pairs) ?? record,
    pairs: () => pairs.map((pair) => [...pair]),
    'record without prototype': () => Object.assign(Object.create(null) as object, record),
    // Headers take a record's own members alone.
    'inherited record': () => Object.assign(Object.create({ 'x-inherited': 'no' }) as object, record),
    iterator: () => new Map(pairs as [string, unknown][]).entries(),
    'given as null': () => null,
    text: () => 'content-type: text/plain',
  };
  return forms[form]?.();
}

function headersOf(pairs: readonly Pair[]): Headers | undefined {
  try {
    return new Headers(pairs.map(([name, value]) => [name, String(value)]));
  } catch {
    return undefined;
  }
}
