import { absent, valueAt } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { field } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * OpenStack Placement: inventories, traits and aggregates at `/resource_providers/:uuid/…`, whose version is
 * `resource_provider_generation`; and with `of: 'consumer'`, allocations at `/allocations/:uuid`, whose version is
 * `consumer_generation`. Ask for microversion 1.28 or newer, which has both versions, and the code of each error.
 *
 * Allocations that were removed are gone, and `create` says a `consumer_generation` of `null`, as it has to.
 *
 * Source: https://docs.openstack.org/api-ref/placement/ (see 'Errors', 'Generations' and 'Update allocations')
 *
 * @param options.of The owner of the generation. Default: `'provider'`.
 */
export function placement({ of = 'provider' }: { readonly of?: 'provider' | 'consumer' } = {}): Server {
  const consumer = field('/consumer_generation');
  return {
    name: 'placement',
    version:
      of === 'provider'
        ? field('/resource_provider_generation')
        : { read: consumer, write: consumer, absent: 'creates' },
    conflictStatuses: [409],
    // A consumer without allocations is one that isn't there, and is told by a 200.
    ...(of === 'consumer' && {
      create: { version: null },
      unwrap: (body: unknown) => (isNothing(body) ? absent : body),
    }),
    // Other codes stand for refusals that a retry doesn't change: a name that is taken, an inventory in use.
    classify: (_, body) =>
      verdictOf(textAt(body, '/errors/0/code'), { open: ['placement.concurrent_update'] }),
  };
}

function isNothing(body: unknown): boolean {
  const allocations = valueAt(body, ['allocations']);
  return isRecord(allocations) && Object.keys(allocations).length === 0;
}
