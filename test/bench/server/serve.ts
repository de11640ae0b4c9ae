import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does to requests until it is told otherwise. */
export interface Conditions {
  /** Milliseconds that each request waits. */
  readonly latency: number;
  /** The part of the writes whose answer is lost: half of them before the write is made, half of them after. */
  readonly loss: number;
  readonly seed: number;
}

/** What a server saw of one note. */
export interface Seen {
  readonly ids: readonly string[];
  readonly requests: number;
  /** Of these the writes that were refused, as somebody else was first. */
  readonly refused: number;
  /** Of these the writes that got no answer. */
  readonly unanswered: number;
}

/** What a server of notes is told by its starter. It answers each with one message. */
export type Order =
  | { readonly kind: 'set'; readonly conditions: Conditions }
  | { readonly kind: 'look'; readonly path: string };

/** Listens on a free port of this machine. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** The body of a request. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks = (await request.toArray()) as readonly Buffer[];
  return Buffer.concat(chunks).toString();
}
