import type { IncomingMessage } from 'node:http';
import { problem, type Reply } from './reply.ts';
import type { JsonObject } from './store.ts';

/** A request's body, or the refusal that it earned. */
export type Body =
  { readonly kind: 'json'; readonly value: JsonObject } | { readonly kind: 'refused'; readonly reply: Reply };

const cap = 1024 * 1024;

/** Reads a JSON object of at most 1 MiB. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
    return refused(problem(415, 'unsupported-media-type', 'Send application/json.'));
  }
  // By the announced length, where there is one, the body need not even be read.
  if (Number(request.headers['content-length'] ?? 0) > cap) return tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > cap) return tooLarge;
    chunks.push(chunk);
  }
  return parse(Buffer.concat(chunks));
}

function parse(bytes: Buffer): Body {
  let value: unknown;
  try {
    // fatal: broken UTF-8 would otherwise be stored as U+FFFD without a word.
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refused(problem(400, 'broken-json', 'The body is not JSON in UTF-8.'));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(problem(400, 'not-an-object', 'The body has to be a JSON object.'));
  }
  return { kind: 'json', value: value as JsonObject };
}

const refused = (reply: Reply): Body => ({ kind: 'refused', reply });

// The rest of the body is not read, so the connection can't serve another request.
const tooLarge = refused(
  problem(413, 'content-too-large', `The body is over ${cap} bytes.`, { headers: { connection: 'close' } }),
);
