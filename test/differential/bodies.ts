import type { Choices } from './choices.ts';

export const bodyChoices = {
  body: {
    text: 12,
    none: 5,
    null: 1,
    URLSearchParams: 2,
    FormData: 3,
    Blob: 2,
    'Blob of an odd type': 2,
    'Blob of no type': 1,
    ArrayBuffer: 2,
    Uint8Array: 2,
    'part of a buffer': 1,
    DataView: 1,
    'empty text': 1,
    'long text': 1,
    number: 1,
    object: 1,
    stream: 4,
    'stream of bytes': 1,
    'stream without duplex': 1,
    'stream of text': 1,
    'stream that fails': 2,
    'stream that stalls': 0,
    'stream that is locked': 1,
    'stream that was read': 1,
    "another Request's stream": 1,
    'async iterable': 1,
  },
} as const satisfies Choices;
export type BodyForm = keyof (typeof bodyChoices)['body'];

/** A body as it is given to a call, and what can be seen of it afterwards. */
export interface GivenBody {
  readonly members: RequestInit & { duplex?: 'half' };
  /** What became of the stream that it is, if it is one. */
  readonly fate: () => unknown;
}

const text = '{"a":2}';
const bytes = (): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Makes a body anew, as each side gets its own. */
export function giveBody(form: BodyForm): GivenBody {
  const streams: Partial<Record<BodyForm, () => ReadableStream>> = {
    stream: () => streamOf([bytes().subarray(0, 3), bytes().subarray(3)]),
    'stream of bytes': () => streamOf([bytes()], 'bytes'),
    'stream without duplex': () => streamOf([bytes()]),
    'stream of text': () => streamOf([text]),
    'stream that fails': () => streamOf([bytes().subarray(0, 3), new Error('The source is gone')]),
    'stream that stalls': () => streamOf([bytes().subarray(0, 3), 'stall']),
    'stream that is locked': () => locked(streamOf([bytes()])),
    'stream that was read': () => disturbed(streamOf([bytes().subarray(0, 3), bytes().subarray(3)])),
    "another Request's stream": () =>
      new Request('http://127.0.0.1/', { method: 'PUT', body: text }).body as ReadableStream,
  };
  const stream = streams[form]?.();
  if (!stream) return { members: plain(form), fate: () => undefined };
  const duplex = form === 'stream without duplex' ? {} : { duplex: 'half' as const };
  return { members: { body: stream, ...duplex }, fate: () => fateOf(stream) };
}

function plain(form: BodyForm): RequestInit {
  const odd: Partial<Record<BodyForm, unknown>> = {
    number: 7,
    object: { toString: () => text },
    'async iterable': (async function* parts() {
      yield await Promise.resolve(bytes());
    })(),
  };
  const bodies: Partial<Record<BodyForm, () => BodyInit | null>> = {
    text: () => text,
    null: () => null,
    URLSearchParams: () => new URLSearchParams({ a: '2 é' }),
    FormData: filledForm,
    Blob: () => new Blob([text], { type: 'application/json' }),
    'Blob of an odd type': () => new Blob([text], { type: 'Text/Plain;  Charset=X' }),
    'Blob of no type': () => new Blob([text]),
    ArrayBuffer: () => bytes().buffer,
    Uint8Array: bytes,
    'part of a buffer': () => bytes().subarray(1, 4),
    DataView: () => new DataView(bytes().buffer, 2),
    'empty text': () => '',
    'long text': () => `{"a":"${'x'.repeat(100_000)}"}`,
  };
  if (form in odd)
    return { body: odd[form] as BodyInit, ...(form === 'async iterable' && { duplex: 'half' }) };
  const make = bodies[form];
  return make ? { body: make() } : {};
}

function filledForm(): FormData {
  const form = new FormData();
  form.set('a', '2');
  form.append('file', new Blob(['x'], { type: 'text/x' }), 'é.txt');
  return form;
}

const cancellations = new WeakMap<ReadableStream, { readonly reason: unknown }>();

/** A stream of these parts: an error breaks it, and `'stall'` has it wait without end. */
function streamOf(parts: readonly unknown[], type?: 'bytes'): ReadableStream {
  const left = [...parts];
  const pull = (controller: ReadableStreamDefaultController | ReadableByteStreamController): unknown => {
    const part = left.shift();
    if (part === 'stall') return new Promise(() => undefined);
    if (part === undefined) controller.close();
    else if (part instanceof Error) controller.error(part);
    else controller.enqueue(part as never);
    return undefined;
  };
  const cancel = (reason: unknown): void => void cancellations.set(stream, { reason });
  const source = { pull, cancel, ...(type && { type }) } as UnderlyingSource;
  // Nothing is pulled before somebody reads.
  const stream = new ReadableStream(source, { highWaterMark: 0 });
  return stream;
}

function locked(stream: ReadableStream): ReadableStream {
  stream.getReader();
  return stream;
}

function disturbed(stream: ReadableStream): ReadableStream {
  const reader = stream.getReader();
  void reader.read().then(() => reader.releaseLock());
  return stream;
}

function fateOf(stream: ReadableStream): unknown {
  const { locked } = stream;
  return { locked, isCancelled: cancellations.has(stream) };
}
