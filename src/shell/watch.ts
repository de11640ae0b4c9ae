import type { Content } from './representation.ts';

const needed = ['headers', 'text', 'arrayBuffer', 'clone'];

/** Is told what was read of which response. */
export interface BodyWatcher {
  readonly onBody: (content: Content, response: Response) => void;
  readonly onJson: (value: unknown, response: Response) => void;
}

/**
 * Notices the body of a response when the caller reads it, and leaves everything else as it was: the response is the
 * same object and shows no member of ours, its stream is untouched, and a body that nobody reads costs nothing. A body
 * that is read as a stream goes unnoticed, and so does that of an object which only looks like a response.
 */
export function watchBody(response: Response, watcher: BodyWatcher): Response {
  const { onBody, onJson } = watcher;
  if (!needed.every((name) => name in response)) return response;
  const text = response.text.bind(response);
  const arrayBuffer = response.arrayBuffer.bind(response);
  const clone = response.clone.bind(response);

  const readText = async (): Promise<string> => {
    const content = await text();
    onBody(content, response);
    return content;
  };
  const readBytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = new Uint8Array(await arrayBuffer());
    onBody(bytes.slice(), response);
    return bytes;
  };
  lend(response, {
    text: readText,
    json: async (): Promise<unknown> => {
      const value: unknown = JSON.parse(await readText());
      onJson(value, response);
      return value;
    },
    bytes: readBytes,
    arrayBuffer: async (): Promise<ArrayBuffer> => (await readBytes()).buffer,
    // The runtime writes the type of a blob in its own way.
    blob: async (): Promise<Blob> => new Response(await readBytes(), response).blob(),
    clone: (): Response => watchBody(clone(), watcher),
  });
  return response;
}

/**
 * Gives an object methods that no log and no copy of it shows. Called on anything else, they are its own. One that can't be
 * changed stays as it is.
 */
export function lend(target: object, methods: Readonly<Record<string, () => unknown>>): void {
  for (const [name, lent] of Object.entries(methods)) {
    const own = Reflect.get(target, name) as () => unknown;
    const value = function (this: unknown): unknown {
      return this === target ? lent() : own.call(this);
    };
    Reflect.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}
