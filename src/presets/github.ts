import { isRecord } from '../core/record.ts';
import { field } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt } from './refusal.ts';

/**
 * The contents of a repository at GitHub, at `/repos/:owner/:repo/contents/*`. The version is the blob's `sha`, in the
 * body; the `ETag` isn't used. The state is `{ content, sha }`, with `content` in base64: your merge decodes it. A
 * write adds `message`, and the other members that it needs. A `delete` of a handle has a message of its own; a DELETE
 * by a verb says another in its body. A file of more than 1 MB is not shown: to read it, or to write by what it was, is
 * `malformed-body`.
 *
 * The message 'does not match' means a stale version. If the branch has moved on meanwhile by another file, the same
 * request is sent again. Refusals by rules of the repository stand. A write without `sha` creates: if the file exists,
 * the server answers 422, and `onConflict.exists` decides.
 *
 * Sources: https://docs.github.com/en/rest/repos/contents#get-repository-content,
 * #create-or-update-file-contents and #delete-a-file; the messages:
 * https://github.com/octokit/octokit.rb/issues/581, https://github.com/jcabi/jcabi-github/issues/665,
 * https://github.com/octokit/octokit.net/issues/2365, https://github.com/octokit/octokit.rb/issues/992
 *
 * @param options.branch The branch to read from; a write names its branch in its body. Default: the repository's own.
 */
export function github({ branch }: { readonly branch?: string } = {}): Server {
  const sha = field('/sha');
  // A DELETE demands a message, and deletes from the default branch unless its body names another.
  const removal: typeof sha.put = (document, part) =>
    sha.put({ message: 'Delete a file', ...(branch !== undefined && { branch }), ...Object(document) }, part);
  return {
    name: 'github',
    version: { read: sha, write: sha, remove: { ...sha, put: removal }, absent: 'creates' },
    conflictStatuses: [409, 422],
    classify({ status }, body) {
      const message = textAt(body, '/message') ?? '';
      if (status === 422) return message.includes("wasn't supplied") ? undefined : 'final';
      if (/expected to be at|is at \w+ but expected/.test(message)) return 'in-progress';
      return message.includes('does not match') ? undefined : 'final';
    },
    unwrap(body) {
      // Of a file of more than 1 MB only the size is shown: `content` is empty, and `encoding` is 'none'.
      if (!isRecord(body) || typeof body.content !== 'string' || body.encoding !== 'base64')
        throw new TypeError('It is no file that is shown in base64.');
      return { content: body.content.replaceAll('\n', ''), sha: body.sha };
    },
    // They go to the commit, and no read shows them.
    annotations: ['/message', '/branch', '/committer', '/author'],
    ...(branch !== undefined && {
      readFrom(url: URL) {
        url.searchParams.set('ref', branch);
        return url;
      },
    }),
  };
}
