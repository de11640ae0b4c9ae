import { recoveryOf, type Recovery, type RecoveringInit } from 'remerge';

export const url = 'https://api.test/notes/42';

/** A PUT of JSON under a version. */
export function put(value: unknown, version = '"v1"', more: RecoveringInit = {}): RecoveringInit {
  return {
    method: 'PUT',
    body: JSON.stringify(value),
    ...more,
    headers: {
      'content-type': 'application/json',
      'if-match': version,
      ...(more.headers as Record<string, string>),
    },
  };
}

/** The report of a write, which must be there. */
export function reportOf(outcome: unknown): Recovery {
  const report = recoveryOf(outcome);
  if (!report) throw new Error('There is no report of this.');
  return report;
}

/** What a promise rejects with; it must reject. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not reject.');
}

/** A request as it went out, to be compared with another one. */
export async function wireOf(request: Request | undefined): Promise<string> {
  if (!request) throw new Error('There was no such request.');
  const { method, url, headers } = request;
  return JSON.stringify([method, url, [...headers], await request.text()]);
}
