import { isRecord } from '../core/record.ts';
import { field } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * MediaWiki's REST API: pages at `/rest.php/v1/page/:title`. The version is `latest.id`, in the body; no write takes
 * the `ETag`. The state is `{ source, latest }`: a write adds `comment`, and a `token` if cookies identify the writer.
 *
 * The wiki itself merges what it can, and then answers 200 with a page that differs from the one that was sent. If a
 * page exists, the server answers a write without `latest` by 409. So such a write creates, and `onConflict.exists` decides.
 *
 * Sources: https://www.mediawiki.org/wiki/API:REST_API/Reference#Update_page, https://phabricator.wikimedia.org/T230843
 */
export function mediawiki(): Server {
  return {
    name: 'mediawiki',
    version: { read: field('/latest/id'), write: field('/latest/id'), absent: 'creates' },
    conflictStatuses: [409],
    unwrap(body) {
      if (!isRecord(body) || !isRecord(body.latest)) return undefined;
      // The server refuses a write that has a member which it doesn't know, such as the date of the revision.
      return { source: body.source, latest: { id: body.latest.id } };
    },
    // They belong to the write, or come along when a page is written as it was read. No state shows them.
    annotations: ['/comment', '/token', ...shown],
    readOnly: ['/latest'],
  };
}

/** The other members of a page as a read shows it. */
const shown = ['/id', '/key', '/title', '/content_model', '/license', '/html_url'];
