import type { Content } from './representation.ts';

/** Is told what was read of which response. */
export interface BodyWatcher {
  readonly onBody: (content: Content, response: Response) => void;
  readonly onJson: (value: unknown, response: Response) => void;
}

/**
 * Notices the body of a response when the caller reads it, and leaves everything else as it was: the response is the
 * same object, its stream is untouched, and a body that nobody reads costs nothing. A body that is read as a stream
 * goes unnoticed.
 */
export function watchBody(response: Response, watcher: BodyWatcher): Response {
  const { onBody, onJson } = watcher;
  const text = response.text.bind(response);
  const arrayBuffer = response.arrayBuffer.bind(response);
  const clone = response.clone.bind(response);

  const readText = async (): Promise<string> => {
    const content = await text();
    onBody(content, watched);
    return content;
  };
  const readBytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = new Uint8Array(await arrayBuffer());
    onBody(bytes.slice(), watched);
    return bytes;
  };
  const watched: Response = Object.assign(response, {
    text: readText,
    json: async (): Promise<unknown> => {
      const value: unknown = JSON.parse(await readText());
      onJson(value, watched);
      return value;
    },
    bytes: readBytes,
    arrayBuffer: async (): Promise<ArrayBuffer> => (await readBytes()).buffer,
    blob: async (): Promise<Blob> =>
      new Blob([await readBytes()], { type: response.headers.get('content-type') ?? '' }),
    clone: (): Response => watchBody(clone(), watcher),
  });
  return watched;
}
