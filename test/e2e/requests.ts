type Headers = Readonly<Record<string, string>>;

export function put(url: string, body: unknown, headers: Headers = {}): Promise<Response> {
  const json = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, {
    method: 'PUT',
    body: json,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export const remove = (url: string, headers: Headers = {}) => fetch(url, { method: 'DELETE', headers });
