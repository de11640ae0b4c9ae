import type { Handler, Origin } from '../support/origin.ts';

export const json = { 'content-type': 'application/json', etag: '"v2"' };

/** Headers as a server sends them that tells too much. */
export function leaking(plant: () => string, headers: Record<string, string> = {}): Record<string, string> {
  return {
    'set-cookie': `session=${plant()}`,
    'x-internal': plant(),
    'www-authenticate': `Basic ${plant()}`,
    ...headers,
  };
}

export const shows =
  (status: number, body: (plant: () => string) => string, headers: Record<string, string> = json) =>
  (origin: Origin, plant: () => string): unknown =>
    origin.once(
      'GET',
      () => new Response(status === 304 ? null : body(plant), { status, headers: leaking(plant, headers) }),
    );

export const answers =
  (status: number, method = 'PUT') =>
  (origin: Origin, plant: () => string): unknown =>
    origin.once(method, () =>
      Response.json(
        { detail: plant() },
        { status, headers: leaking(plant, { location: `https://evil.test/?token=${plant()}` }) },
      ),
    );

export const fails =
  (method: string, code?: string, says?: string) =>
  (origin: Origin, plant: () => string): unknown => {
    const failure = (): Promise<never> => {
      const behind = Object.assign(
        new Error(`connect to https://api.test/notes/42?b=${plant()}#${plant()}`),
        { code },
      );
      // As the fetch of node-fetch and its kin says it, and axios holds it.
      const error = new TypeError(
        says ?? `request to https://u:${plant()}@api.test/notes/42?a=${plant()} failed`,
        {
          cause: behind,
        },
      );
      return Promise.reject(
        Object.assign(error, {
          config: { headers: plant() },
          request: { body: plant() },
          response: { data: plant() },
        }),
      );
    };
    for (let time = 0; time < 9; time += 1) origin.once(method, failure);
    return origin;
  };

/** No answer, until the request is called off. */
export const hangs: Handler = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

export const note = (plant: () => string): string => JSON.stringify({ n: plant() });
