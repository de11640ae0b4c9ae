type Fetch = typeof globalThis.fetch;

/** A fetch as the platform has it, or as mocks do: its answers are only like a Response, or no promises. */
export function likeness(kind: string): Fetch {
  if (kind === 'platform') return fetch;
  if (kind === 'at once') return atOnce;
  return async (...args) => {
    const response = await fetch(...args);
    const { ok, status } = response;
    const bare = { ok, status, json: () => response.json(), text: () => response.text() };
    const more = { headers: response.headers, clone: () => ({ ...bare }), url: response.url };
    return (kind === 'like a Response' ? { ...bare, ...more } : bare) as unknown as Response;
  };
}

/** Answers without a server, and without a promise, but for a call that is over. */
const atOnce: Fetch = (input, init) => {
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  return Response.json({ a: 'at once' }) as unknown as Promise<Response>;
};
