import { field, query } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * commercetools: resources at `/:project/:type/:id`. The version is `version`: an update is a POST with the version in
 * its body, and a DELETE has it in `?version=`.
 *
 * The body of an update lists actions, `{ version, actions }`; it is not a state. With `keepLocal()` as the merge, the
 * same actions are sent again under the current version: right for actions that set what only they set. For other
 * actions write a merge that looks at `remote` and returns the actions that are still wanted. If the answer to an
 * update is lost, no state proves that the update was made: `outcome-unknown`. A custom object is written as a whole:
 * `server: { ...commercetools(), means: 'state' }`.
 *
 * Sources: https://docs.commercetools.com/api/general-concepts#optimistic-concurrency-control,
 * https://commercetools.github.io/commercetools-sdk-typescript/interfaces/Checkout_API_SDK.ConcurrentModificationError.html
 */
export function commercetools(): Server {
  return {
    name: 'commercetools',
    version: { read: field('/version'), write: field('/version'), remove: query('version') },
    methods: ['POST', 'DELETE'],
    replace: 'POST',
    means: 'actions',
    conflictStatuses: [409],
    classify: (_, body) => verdictOf(textAt(body, '/errors/0/code'), { open: ['ConcurrentModification'] }),
    readOnly: [
      '/id',
      '/version',
      '/createdAt',
      '/createdBy',
      '/lastModifiedAt',
      '/lastModifiedBy',
      '/versionModifiedAt',
      '/lastMessageSequenceNumber',
    ],
  };
}
