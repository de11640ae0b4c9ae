import type { Choices } from './choices.ts';
import { classOf, errorTold } from './errors.ts';

export const lookChoices = {
  look: {
    json: 8,
    text: 4,
    blob: 3,
    arrayBuffer: 2,
    bytes: 2,
    formData: 2,
    stream: 2,
    'clone, then both': 2,
    'clone of a clone': 1,
    'json twice': 1,
    'clone after reading': 1,
    'reader held': 1,
    cancelled: 1,
    none: 1,
    'by its class': 1,
    'by a method on its own': 1,
  },
} as const satisfies Choices;

/** What anybody can see of an answer without its body. */
export function answerTold(answer: unknown): Readonly<Record<string, unknown>> {
  if (typeof answer !== 'object' || answer === null) return { answer: String(answer) };
  const response = answer as Response;
  return {
    class: classOf(answer),
    'is a Response': answer instanceof Response,
    tag: Object.prototype.toString.call(answer),
    'own keys': keysOf(answer),
    'spread keys': Object.keys({ ...answer })
      .filter((name) => name !== 'json')
      .sort(),
    'as JSON': JSON.stringify(answer),
    status: response.status,
    statusText: response.statusText,
    ok: response.ok,
    type: response.type,
    url: response.url,
    redirected: response.redirected,
    headers: 'headers' in answer ? [...response.headers] : undefined,
    'has a body': response.body === null ? 'no' : typeof response.body,
    bodyUsed: response.bodyUsed,
  };
}

/** The members that anybody can count. ky gives an answer a `json` of its own, which is remerge's to hide as well. */
export function keysOf(answer: unknown): readonly string[] {
  const isResponse = answer instanceof Response;
  return Object.keys(Object(answer) as object)
    .filter((name) => !isResponse || name !== 'json')
    .sort();
}

/** Looks at the body of an answer in one way, and tells what came of it. */
export async function look(answer: unknown, way: string): Promise<unknown> {
  const response = answer as Response;
  const named = ['json', 'text', 'blob', 'arrayBuffer', 'bytes', 'formData'] as const;
  const name = named.find((name) => name === way);
  if (name) return told(() => response[name]());
  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    stream: () => told(async () => new Response(response.body).text()),
    'clone, then both': async () => {
      const clone = response.clone();
      return [answerTold(clone), await Promise.all([told(() => clone.json()), told(() => response.blob())])];
    },
    'clone of a clone': async () => {
      const clone = response.clone().clone();
      return [answerTold(clone), await told(() => clone.blob()), await told(() => response.text())];
    },
    'json twice': async () => [await told(() => response.json()), await told(() => response.json())],
    'clone after reading': async () => [
      await told(() => response.text()),
      await told(() => Promise.resolve(response.clone())),
    ],
    'reader held': async () => {
      response.body?.getReader();
      return [response.bodyUsed, await told(() => response.text())];
    },
    cancelled: async () => [
      await told(async () => response.body?.cancel()),
      await told(() => response.text()),
    ],
    none: () => Promise.resolve('not looked at'),
    'by its class': () => told(() => Response.prototype.text.call(response)),
    'by a method on its own': () =>
      told(() => (response as { readonly text: () => unknown }).text.call(undefined)),
  };
  return told(() => ways[way]?.());
}

/** What a look came to, as it can be compared. */
export async function told(read: () => unknown): Promise<unknown> {
  try {
    const value = await read();
    if (value instanceof Blob) return { blob: value.type, class: classOf(value), text: await value.text() };
    if (value instanceof FormData) return { form: [...value.keys()] };
    if (value instanceof Response) return answerTold(value);
    // What is only like a Response is told by its members.
    if (typeof value === 'object' && value !== null && 'ok' in value) return Object.keys(value).sort();
    if (value instanceof ArrayBuffer) return { buffer: Buffer.from(value).toString('hex') };
    if (value instanceof Uint8Array)
      return { bytes: Buffer.from(value).toString('hex'), class: classOf(value) };
    return value;
  } catch (error) {
    return { failed: errorTold(error) };
  }
}
