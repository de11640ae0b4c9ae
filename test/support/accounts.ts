import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A document of one user's, and how often it was written. */
interface Account {
  value: unknown;
  version: number;
}

/** What may be done with a request before it is served: answer it by a status, or wait. */
export type Gate = (request: {
  method: string;
  user: string;
  nth: number;
}) => number | undefined | Promise<number | undefined>;

/** A server that shows each user a document of their own at one address, and takes it under its ETag. */
export interface Accounts {
  readonly origin: string;
  /** Each request, as whom it came, and the status of its answer. */
  readonly log: string[];
  /** The document of a user. */
  readonly of: (user: string) => unknown;
  /** Somebody else writes to it. */
  readonly change: (user: string, value: unknown) => void;
}

/** Starts it. A user is whom `Authorization` names, up to a blank: `ann 1` and `ann 2` are two tokens of one. */
export async function startAccounts(
  users: Readonly<Record<string, unknown>>,
  gate: Gate = () => undefined,
): Promise<Accounts> {
  const accounts = new Map<string, Account>(
    Object.entries(users).map(([user, value]) => [user, { value, version: 1 }]),
  );
  const log: string[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { method = '', headers } = request;
    const token = headers.authorization ?? 'nobody';
    const [user = ''] = token.split(' ');
    const account = accounts.get(user);
    const nth = log.filter((line) => line.startsWith(method)).length + 1;
    const gated = await gate({ method, user: token, nth });
    const tag = `"${String(account?.version)}"`;
    const isStale = method !== 'GET' && headers['if-match'] !== tag;
    const status = gated ?? (!account ? 403 : isStale ? 412 : 200);
    log.push(`${method} ${token} ${String(status)}`);
    if (account && status === 200 && method !== 'GET') {
      account.value = JSON.parse(body);
      account.version += 1;
    }
    const shown = status === 200 && account ? account.value : {};
    response.writeHead(status, { 'content-type': 'application/json', etag: `"${String(account?.version)}"` });
    response.end(JSON.stringify(shown));
  }
  const http = createServer((request, response) => void answer(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  const change = (user: string, value: unknown): void => {
    const account = accounts.get(user);
    if (account) Object.assign(account, { value, version: account.version + 1 });
  };
  const origin = `http://127.0.0.1:${String(port)}`;
  return { origin, log, change, of: (user) => accounts.get(user)?.value };
}
