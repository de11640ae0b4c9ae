type Fetch = typeof globalThis.fetch;

/** A fetch as the platform has it, or as mocks do: its answers are only like a Response. */
export function likeness(kind: string): Fetch {
  if (kind === 'platform') return fetch;
  return async (...args) => {
    const response = await fetch(...args);
    const { ok, status } = response;
    const bare = { ok, status, json: () => response.json(), text: () => response.text() };
    const more = { headers: response.headers, clone: () => ({ ...bare }), url: response.url };
    return (kind === 'like a Response' ? { ...bare, ...more } : bare) as unknown as Response;
  };
}
