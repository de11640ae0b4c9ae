import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * WebDAV, CalDAV, CardDAV: Apache, lighttpd, Radicale, Nextcloud. The version is the `ETag`. Apache's `ETag` is weak
 * for a second after a write and strong from then on, so a weak one is read again after a second. 412 is a stale
 * version. 409 is a missing collection, and 423 a lock: both stand.
 *
 * Apache's check and write are not one step: of writes that arrive in the same instant it can lose one, whichever
 * clients send them.
 *
 * Sources: https://www.rfc-editor.org/rfc/rfc4918#section-9.7, https://www.rfc-editor.org/rfc/rfc4791#section-5.3.4,
 * https://github.com/apache/httpd/blob/2.4.x/modules/http/http_etag.c (`ap_make_etag_ex`)
 */
export function webdav(): Server {
  return { name: 'webdav', version: etag({ weak: 'wait' }), conflictStatuses: [412] };
}
