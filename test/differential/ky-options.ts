import type { Options } from 'ky';
import { giveBody } from './bodies.ts';
import type { ClientPlan } from './client-plan.ts';
import { giveHeaders } from './headers.ts';
import { bothHooks, giveHooks } from './hooks.ts';
import { giveSetting, settingsIn } from './settings.ts';

/** What a call by ky is made of. */
export interface GivenCall {
  readonly args: readonly unknown[];
  readonly options: Options;
  /** What became of the body. */
  readonly fate: () => unknown;
}

interface Place {
  readonly here: string;
  readonly nowhere: string;
  readonly signal: AbortSignal | undefined;
  readonly note: (what: string, ...details: readonly unknown[]) => void;
}

/** Makes input and options of a call anew. */
export function giveOptions(plan: ClientPlan, { here, nowhere, signal, note }: Place): GivenCall {
  const { input, more } = inputOf(plan.address, here, nowhere);
  const { members, fate } = payloadOf(plan.payload);
  const headers = giveHeaders(plan);
  let isFirst = true;
  const isReplay = (): boolean => isFirst && ((isFirst = false), true);
  const hooks = bothHooks(giveHooks(plan.hooks, note, isReplay), giveHooks(plan.hooks2, note, isReplay));
  const json = members.json as object | undefined;
  const options = {
    ...more,
    ...members,
    ...(headers !== undefined && { headers }),
    ...(signal && { signal }),
    ...giveSetting(plan.setting),
    ...searchOf(plan.searchParams),
    ...(hooks && { hooks }),
    ...retryOf(plan.retry),
    ...throwingOf(plan.throwHttpErrors, note),
    ...parsingOf(plan, json, note),
    ...(plan.progress === 'download' && { onDownloadProgress: progressNoted('download', note) }),
    ...(plan.progress === 'upload' && { onUploadProgress: progressNoted('upload', note) }),
    ...(plan.fetch === 'own' && { fetch: ownFetch(note) }),
  };
  return { args: plan.address === 'no input' ? [] : [input], options: options as unknown as Options, fate };
}

function inputOf(address: string, here: string, nowhere: string): { input: unknown; more: object } {
  const plain = `${here}notes/1`;
  const { origin, pathname } = new URL(here);
  const forms: Readonly<Record<string, () => { input: unknown; more?: object }>> = {
    URL: () => ({ input: new URL(plain) }),
    Request: () => ({ input: new Request(plain, { headers: { 'x-request': 'h' } }) }),
    'Request with a body': () => ({
      input: new Request(plain, {
        method: 'PUT',
        body: '{"a":6}',
        headers: { 'content-type': 'application/json' },
      }),
    }),
    'with baseUrl': () => ({ input: 'notes/1', more: { baseUrl: here } }),
    'with a baseUrl of type URL': () => ({ input: 'notes/1', more: { baseUrl: new URL(here) } }),
    'with a slash and baseUrl': () => ({ input: `${pathname}notes/1`, more: { baseUrl: origin } }),
    'with prefix': () => ({ input: '/notes/1', more: { prefix: here } }),
    'with prefix and baseUrl': () => ({ input: 'notes/1', more: { prefix: pathname, baseUrl: origin } }),
    'with prefixUrl': () => ({ input: 'notes/1', more: { prefixUrl: here } }),
    'with a hash': () => ({ input: `${plain}#part` }),
    'with credentials': () => ({ input: plain.replace('//', '//ann:secret@') }),
    relative: () => ({ input: 'notes/1' }),
    malformed: () => ({ input: 'http://[notes' }),
    'refused port': () => ({ input: `${nowhere}notes/1` }),
    'blocked port': () => ({ input: 'http://127.0.0.1:6000/notes/1' }),
  };
  return { more: {}, ...(forms[address]?.() ?? { input: plain }) };
}

function payloadOf(payload: string): { members: Record<string, unknown>; fate: () => unknown } {
  const cycle: Record<string, unknown> = { a: 2 };
  cycle.self = cycle;
  const json: Readonly<Record<string, unknown>> = {
    json: { a: 2, b: [1, { c: null }] },
    'json null': null,
    'json false': false,
    'json empty text': '',
    'json in a cycle': cycle,
    'json with toJSON': { toJSON: () => ({ a: 'made' }) },
    'json undefined': undefined,
  };
  if (payload in json) return { members: { json: json[payload] }, fate: () => undefined };
  if (payload === 'json and body')
    return { members: { json: { a: 2 }, body: '{"a":7}' }, fate: () => undefined };
  const form = payload === 'bytes' ? 'Uint8Array' : payload;
  return giveBody(form as Parameters<typeof giveBody>[0]) as ReturnType<typeof payloadOf>;
}

function searchOf(kind: string): object {
  const forms: Readonly<Record<string, unknown>> = {
    record: { b: 1, c: true },
    text: '?b=1&c=%20',
    pairs: [
      ['b', '1'],
      ['b', 2],
    ],
    URLSearchParams: new URLSearchParams({ b: 'é' }),
    'with undefined': { a: undefined, b: 'x' },
    'empty text': '',
  };
  return kind in forms ? { searchParams: forms[kind] } : {};
}

function retryOf(kind: string): object {
  const soon = { delay: () => 0, backoffLimit: 0, maxRetryAfter: 0 };
  const forms: Readonly<Record<string, unknown>> = {
    '0': 0,
    none: { ...soon, jitter: undefined },
    '1': { ...soon, limit: 1 },
    'of all methods': {
      ...soon,
      limit: 1,
      methods: ['get', 'put', 'post', 'patch', 'delete', 'head', 'query'],
    },
    'by shouldRetry': {
      ...soon,
      limit: 1,
      shouldRetry: ({ retryCount }: { retryCount: number }) => retryCount < 2,
    },
  };
  return { retry: forms[kind] };
}

function throwingOf(kind: string, note: Place['note']): object {
  const byStatus = (status: number): boolean => (
    note('throwHttpErrors', status),
    status !== 404 && status !== 409
  );
  const forms: Readonly<Record<string, unknown>> = {
    true: true,
    false: false,
    function: byStatus,
    'function that throws': () => {
      throw new RangeError('Thrown in throwHttpErrors');
    },
  };
  return kind in forms ? { throwHttpErrors: forms[kind] } : {};
}

function parsingOf({ parseJson, stringifyJson }: ClientPlan, json: unknown, note: Place['note']): object {
  const parse = (text: string, ...context: readonly unknown[]): unknown => {
    note('parseJson', text, Object.keys(context[0] ?? {}).sort());
    if (parseJson === 'that throws') throw new RangeError('Thrown in parseJson');
    const value: unknown = JSON.parse(text);
    return parseJson === 'changing'
      ? { parsed: value }
      : parseJson === 'asynchronous'
        ? Promise.resolve(value)
        : value;
  };
  const stringify = (data: unknown): string => {
    note('stringifyJson', data === json);
    if (stringifyJson === 'that throws') throw new RangeError('Thrown in stringifyJson');
    return '{"by":"stringifyJson"}';
  };
  return {
    ...(parseJson !== 'none' && { parseJson: parse }),
    ...(stringifyJson !== 'none' && { stringifyJson: stringify }),
  };
}

/** How a body comes in parts is chance; that all of it came is not. */
function progressNoted(
  which: string,
  note: Place['note'],
): (progress: { transferredBytes: number; percent: number }) => void {
  return ({ transferredBytes, percent }) => {
    if (percent === 1) note(which, transferredBytes);
  };
}

function ownFetch(note: Place['note']): typeof fetch {
  return (input, init) => {
    const request = input as Request;
    // No fetch is called after an abort by remerge; by ky it is, and rejects.
    if (!request.signal.aborted)
      note(
        'own fetch',
        input instanceof Request,
        request.method,
        request.url,
        request.bodyUsed,
        settingsIn(input, init),
      );
    return fetch(input, init);
  };
}
