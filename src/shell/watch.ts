import type { Content } from './representation.ts';

/**
 * Notices the body of a response when the caller reads it, and leaves everything else as it was: the response is the
 * same object, its stream is untouched, and a body that nobody reads costs nothing. A body that is read as a stream
 * goes unnoticed.
 */
export function watchBody(response: Response, onBody: (content: Content) => void): Response {
  const text = response.text.bind(response);
  const arrayBuffer = response.arrayBuffer.bind(response);
  const clone = response.clone.bind(response);

  const readText = async (): Promise<string> => {
    const content = await text();
    onBody(content);
    return content;
  };
  const readBytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = new Uint8Array(await arrayBuffer());
    onBody(bytes.slice());
    return bytes;
  };
  return Object.assign(response, {
    text: readText,
    json: async (): Promise<unknown> => JSON.parse(await readText()),
    bytes: readBytes,
    arrayBuffer: async (): Promise<ArrayBuffer> => (await readBytes()).buffer,
    blob: async (): Promise<Blob> =>
      new Blob([await readBytes()], { type: response.headers.get('content-type') ?? '' }),
    clone: (): Response => watchBody(clone(), onBody),
  });
}
