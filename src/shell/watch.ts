import type { Content } from './representation.ts';

const needed = ['headers', 'text', 'arrayBuffer', 'clone'] as const;

/** Is told what was read of which response. */
export interface BodyWatcher {
  readonly onBody: (content: Content, response: Response) => void;
  readonly onJson: (value: unknown, response: Response) => void;
}

/**
 * Notices the body of a response when the caller reads it, and leaves everything else as it was: the response is the
 * same object with no enumerable members of ours, its stream is untouched, and a body that nobody reads costs nothing.
 * A body that is read as a stream goes unnoticed, and so does that of an object which only looks like a response.
 */
export function watchBody(response: Response, watcher: BodyWatcher): Response {
  const { onBody, onJson } = watcher;
  const { headers } = response;
  if (needed.some((name) => !(name in response))) return response;
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
  const own = {
    text: readText,
    json: async (): Promise<unknown> => {
      const value: unknown = JSON.parse(await readText());
      onJson(value, response);
      return value;
    },
    bytes: readBytes,
    arrayBuffer: async (): Promise<ArrayBuffer> => (await readBytes()).buffer,
    // The runtime writes the type of a blob in its own way.
    blob: async (): Promise<Blob> => new Response(await readBytes(), { headers }).blob(),
    clone: (): Response => watchBody(clone(), watcher),
  };
  for (const [name, value] of Object.entries(own))
    Reflect.defineProperty(response, name, { value, configurable: true, writable: true });
  return response;
}
