import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path/posix';
import { text } from 'node:stream/consumers';

/** What a commit of one file says. */
interface Commit {
  readonly message: string;
  readonly content: string;
  readonly sha?: string;
}

/**
 * Files as GitHub's contents API has them: `/repos/{owner}/{repo}/contents/{path}`. What is read is another shape than
 * what is written; the version is the `sha` in both.
 */
export function startContents(): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const files = new Map([['README.md', Buffer.from('# Food\n\nWhat we eat.\n\n- Milk\n')]]);

  return async (request, response) => {
    const reply = (status: number, document: unknown): void => {
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify(document));
    };
    const [, path = ''] = /^\/repos\/[^/]+\/[^/]+\/contents\/([^?]+)/.exec(request.url ?? '') ?? [];
    const file = files.get(path);
    if (request.method === 'GET') {
      if (file) reply(200, { ...entryOf(path, file), encoding: 'base64', content: inLines(file) });
      else reply(404, { message: 'Not Found', status: '404' });
      return;
    }
    const { message, content, sha } = JSON.parse(await text(request)) as Commit;
    if (file && sha === undefined) {
      reply(422, { message: 'Invalid request.\n\n"sha" wasn\'t supplied.', status: '422' });
    } else if (file && sha !== shaOf(file)) {
      reply(409, { message: `${path} does not match ${sha ?? ''}`, status: '409' });
    } else {
      const written = Buffer.from(content, 'base64');
      files.set(path, written);
      reply(file ? 200 : 201, { content: entryOf(path, written), commit: { message } });
    }
  };
}

function entryOf(path: string, file: Buffer): object {
  return { type: 'file', name: basename(path), path, sha: shaOf(file), size: file.length };
}

/** The name that Git gives to a file's bytes. */
function shaOf(file: Buffer): string {
  return createHash('sha1').update(`blob ${file.length}\0`).update(file).digest('hex');
}

function inLines(file: Buffer): string {
  return file.toString('base64').replaceAll(/.{1,60}/g, '$&\n');
}
