import { field, header } from '../core/version.ts';
import { serverFields, type ServerFields } from './fields.ts';
import type { Preset } from './preset.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Contentful's management API: entries, assets, content types. The version is `sys.version`, written to
 * `X-Contentful-Version`. If an entry exists, the server answers a write without a version like a stale write. So a
 * write without a version creates, and `onExists` decides.
 *
 * Sources: https://www.contentful.com/developers/docs/references/content-management-api/overview,
 * https://www.contentful.com/developers/docs/references/errors/
 */
export function contentful(): Preset {
  return {
    version: { read: field('/sys/version'), write: header('X-Contentful-Version'), absent: 'creates' },
    statusCodes: [409],
    conflict: (_, body) => verdictOf(textAt(body, '/sys/id'), { open: ['VersionMismatch'] }),
  };
}

/** Fields that Contentful manages: rules for `threeWay`. */
export function contentfulFields(): ServerFields<'/sys'> {
  return serverFields('/sys');
}
