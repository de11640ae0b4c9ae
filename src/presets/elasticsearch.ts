import { valueAt } from '../core/pointer.ts';
import { field, query } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Elasticsearch and OpenSearch: documents at `/:index/_doc/:id`. The version has two parts, `_seq_no` and
 * `_primary_term`, which go to `?if_seq_no=` and `&if_primary_term=`. A read wraps the document in `_source`, and only
 * that document is merged and written. `create` goes to `/:index/_create/:id`.
 *
 * Sources: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/optimistic-concurrency-control,
 * https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-create
 */
export function elasticsearch(): Server {
  return {
    name: 'elasticsearch',
    version: {
      read: [field('/_seq_no'), field('/_primary_term')],
      write: [query('if_seq_no'), query('if_primary_term')],
    },
    conflictStatuses: [409],
    classify: (_, body) =>
      verdictOf(textAt(body, '/error/type'), { open: ['version_conflict_engine_exception'] }),
    unwrap: (body) => {
      const source = valueAt(body, ['_source']);
      return typeof source === 'symbol' ? undefined : source;
    },
    create: { at: (url) => new URL(url.pathname.replace('/_doc/', '/_create/') + url.search, url) },
  };
}
