import { isRecord } from '../core/record.ts';
import { field } from '../core/version.ts';
import type { Preset } from './preset.ts';

/**
 * MediaWiki's REST API: pages at `/rest.php/v1/page/:title`. The version is `latest.id`, in the body; the `ETag` fits no
 * write. The state is `{ source, latest }`: a write adds `comment`, and a `token` where cookies say who writes.
 *
 * The wiki merges by itself what it can, and answers 200 then: the page that it answers with isn't what was sent. A page that
 * exists answers a write without `latest` by 409: that creates, and `onExists` decides.
 *
 * Sources: https://www.mediawiki.org/wiki/API:REST_API/Reference#Update_page, https://phabricator.wikimedia.org/T230843
 */
export function mediawiki(): Preset {
  return {
    version: { read: field('/latest/id'), write: field('/latest/id'), absent: 'creates' },
    statusCodes: [409],
    stateIn(body) {
      if (!isRecord(body) || !isRecord(body.latest)) return undefined;
      // A name that a write doesn't know is an error, and the revision's date is such a name.
      return { source: body.source, latest: { id: body.latest.id } };
    },
    // `comment` and `token` are of the write, and no read shows them.
    compared: ({ source }) => source,
  };
}
