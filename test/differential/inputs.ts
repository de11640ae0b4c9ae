import type { Choices } from './choices.ts';

export const inputChoices = {
  input: { string: 8, URL: 2, Request: 7, 'object with a URL': 1, 'Request that was used': 0.5 },
  address: {
    plain: 50,
    'with a query': 3,
    'with a hash': 2,
    'in odd case': 1,
    'with dots': 1,
    'with spaces': 1,
    'with credentials': 2,
    relative: 1,
    'without a scheme': 1,
    'of about': 1,
    'of data': 1,
    'of a blob': 1,
    'of a file': 1,
    'of another scheme': 1,
    malformed: 1,
    empty: 1,
    'blocked port': 2,
    'refused port': 2,
  },
  /** Where method, headers, body and settings are said, if the input is a Request. */
  said: { 'in init': 3, 'in the Request': 4, 'in both': 2 },
  init: {
    plain: 14,
    none: 2,
    undefined: 1,
    null: 2,
    'no object': 0.3,
    'null prototype': 2,
    inheriting: 2,
    'half inheriting': 2,
    getters: 2,
    Request: 3,
    frozen: 1,
    'with undefined members': 2,
    'with null members': 1,
    'with other members': 2,
    function: 1,
  },
  method: {
    PUT: 14,
    none: 1,
    GET: 9,
    HEAD: 2,
    POST: 7,
    PATCH: 5,
    DELETE: 6,
    put: 1,
    patch: 1,
    delete: 1,
    get: 1,
    Post: 1,
    OPTIONS: 1,
    QUERY: 1,
    TRACE: 1,
    CONNECT: 1,
    'not a method': 1,
    empty: 1,
    'an object': 1,
  },
} as const satisfies Choices;
type InputPlan = { readonly [Name in keyof typeof inputChoices]: string };

/** Members of an init, before they are given a form. */
export type Members = Readonly<Record<string, unknown>>;

/** A call's arguments, and the Request among them. */
export interface Given {
  readonly args: readonly unknown[];
  readonly request: Request | undefined;
  /** Whether a signal that the call was to have is anywhere in it. */
  readonly isSignalled: boolean;
}

const names =
  'method headers body signal mode cache credentials redirect referrer referrerPolicy integrity keepalive';

/** Makes the arguments of a call anew. */
export function giveInput(
  plan: InputPlan,
  members: Members,
  place: { here: string; nowhere: string },
): Given {
  const address = addressOf(plan.address, place);
  if (plan.input.startsWith('Request')) {
    const inRequest = plan.said === 'in init' ? {} : members;
    const request = tried(() => new Request(address, inRequest));
    if (request) {
      if (plan.input === 'Request that was used' && request.body) request.text().catch(() => undefined);
      const rest = { 'in init': members, 'in the Request': {}, 'in both': withoutBody(members) }[plan.said];
      return callBy([request, ...giveInit(plan.init, rest ?? {}, address)], request, inRequest);
    }
  }
  const url = plan.input === 'URL' ? (tried(() => new URL(address)) ?? address) : address;
  const input = plan.input === 'object with a URL' ? { toString: () => address } : url;
  return callBy([input, ...giveInit(plan.init, members, address)]);
}

function callBy(args: readonly unknown[], request?: Request, inRequest: Members = {}): Given {
  const { signal } = Object(args[1]) as { readonly signal?: unknown };
  return { args, request, isSignalled: (signal ?? inRequest.signal) instanceof AbortSignal };
}

function addressOf(kind: string, { here, nowhere }: { here: string; nowhere: string }): string {
  const plain = `${here}notes/1`;
  const forms: Readonly<Record<string, string>> = {
    'with a query': `${plain}?a=b%20c&d=%C3%A9`,
    'with a hash': `${plain}#part`,
    'in odd case': plain.replace('http:', 'HtTp:'),
    'with dots': `${here}x/../notes/./1`,
    'with spaces': `  ${here}notes/1\n`,
    'with credentials': plain.replace('//', '//ann:secret@'),
    relative: '/notes/1',
    'without a scheme': 'localhost:3000/notes/1',
    'of about': 'about:blank',
    'of data': 'data:application/json,{"a":1}',
    'of a blob': 'blob:nodedata:0',
    'of a file': 'file:///etc/none',
    'of another scheme': 'ftp://127.0.0.1/notes/1',
    malformed: 'http://[notes/1',
    empty: '',
    'blocked port': 'http://127.0.0.1:6000/notes/1',
    'refused port': `${nowhere}notes/1`,
  };
  return forms[kind] ?? plain;
}

function withoutBody(members: Members): Members {
  const own = { ...members };
  delete own.body;
  return own;
}

/** An init of a form that somebody may pass: none, or an argument. */
function giveInit(form: string, members: Members, address: string): readonly unknown[] {
  const { method, headers, ...others } = members;
  const forms: Readonly<Record<string, () => unknown>> = {
    undefined: () => undefined,
    null: () => null,
    'no object': () => 5,
    'null prototype': () => Object.assign(Object.create(null) as object, members),
    inheriting: () => Object.create(members) as object,
    'half inheriting': () =>
      Object.assign(
        Object.create({
          ...(method !== undefined && { method }),
          ...(headers !== undefined && { headers }),
        }) as object,
        others,
      ),
    getters: () => new (withGetters(members))(),
    // Where no Request can be made of it, it stays what it is.
    Request: () => tried(() => new Request(`${address}?old`, members)) ?? members,
    frozen: () => Object.freeze({ ...members }),
    'with undefined members': () => ({ ...named(undefined), ...members }),
    'with null members': () => ({ body: null, signal: null, window: null, ...members }),
    'with other members': () => ({ ...members, extra: 1, next: { revalidate: 1 }, [Symbol('own')]: 1 }),
    function: () => Object.assign(() => undefined, members),
  };
  const make = forms[form] ?? ((): unknown => members);
  return form === 'none' ? [] : [make()];
}

/** A class whose members are getters of its prototype, as a Request's are. */
function withGetters(members: Members): new () => object {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its members are given to its prototype
  class Init {}
  for (const name of new Set([...names.split(' '), ...Object.keys(members)]))
    Object.defineProperty(Init.prototype, name, { get: () => members[name] });
  return Init;
}

function named(value: undefined): Members {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}

function tried<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
