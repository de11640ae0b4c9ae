import type { Reason } from '../report.ts';
import type { Merged, Run } from './run.ts';

/** A refusal that wants the same write again, with the token that it shows. Nothing is read, and nothing merged. */
export interface Renewed {
  readonly kind: 'renewed';
  readonly response: Response;
  /** What goes out next: what was sent, but for the token. */
  readonly sent: Merged;
}

/** Takes the token of a refusal. One that it doesn't show, or that was just refused, is a reason to stop. */
export function renewed({ route }: Run, response: Response, sent: Merged): Renewed | Reason {
  const { token } = route;
  const fresh = token && response.headers.get(token);
  if (!fresh) return { code: 'no-version', reason: 'It shows no token' };
  const headers = new Headers(sent.rewrite.headers);
  if (headers.get(token) === fresh) return { code: 'no-progress' };
  headers.set(token, fresh);
  return { kind: 'renewed', response, sent: { ...sent, rewrite: { ...sent.rewrite, headers } } };
}
