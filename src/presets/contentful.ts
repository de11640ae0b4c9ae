import { field, header } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Contentful's management API: entries, assets, content types. The version is `sys.version`, written to
 * `X-Contentful-Version`. If an entry exists, the server answers a write without a version like a stale write. So a
 * write without a version creates, and `onConflict.exists` decides. A DELETE without a version is taken, whatever has
 * changed: give `base`.
 *
 * Sources: https://www.contentful.com/developers/docs/references/content-management-api/overview,
 * https://www.contentful.com/developers/docs/references/errors/
 */
export function contentful(): Server {
  return {
    name: 'contentful',
    version: { read: field('/sys/version'), write: header('X-Contentful-Version'), absent: 'creates' },
    conflictStatuses: [409],
    classify: (_, body) => verdictOf(textAt(body, '/sys/id'), { open: ['VersionMismatch'] }),
    readOnly: ['/sys'],
  };
}
