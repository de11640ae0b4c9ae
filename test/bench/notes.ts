import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of one note that counts what it is asked. */
export interface Notes {
  readonly url: string;
  /** Methods and statuses, in order. */
  readonly log: readonly string[];
  /** Has somebody else write the note. */
  moveOn(): void;
  close(): void;
}

/** Starts the server. `tells`: whether its refusal carries the note as it is now. */
export async function startNotes(tells: boolean): Promise<Notes> {
  const log: string[] = [];
  let version = 1;
  let note = '{"title":"Milk","body":"Two litres"}';

  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      const fresh = request.headers['if-match'] === `"${String(version)}"`;
      if (request.method === 'PUT' && fresh) {
        version++;
        note = body;
      }
      const status = request.method === 'GET' ? 200 : fresh ? 204 : 412;
      log.push(`${request.method ?? ''} ${String(status)}`);
      const shown = status === 200 || (status === 412 && tells) ? note : undefined;
      answer(response, status, version, shown);
    });
  });
  const url = `${await listen(server)}/notes/1`;
  return {
    url,
    log,
    moveOn: () => {
      version++;
    },
    close: () => server.close(),
  };
}

/** The body of a request. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks = (await request.toArray()) as readonly Buffer[];
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, status: number, version: number, note: string | undefined): void {
  const type = note === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { etag: `"${String(version)}"`, ...type }).end(note);
}

/** Listens on a free port of this machine. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
