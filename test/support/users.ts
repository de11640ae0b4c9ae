/**
 * The user whom headers name, for an origin whose fetch is a function of ours: behind such a one nobody knows on a server
 * who is asking, so that nothing is shared without a `scope`.
 */
export function byCredentials(headers: Headers): string {
  return ['authorization', 'cookie', 'x-api-key'].map((name) => headers.get(name) ?? '').join();
}

/** One user, whatever the token. */
export function oneUser(): string {
  return 'ann';
}
