import { field } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * OpenStack Placement: inventories, traits and aggregates at `/resource_providers/:uuid/…`, whose version is
 * `resource_provider_generation`; and with `of: 'consumer'`, allocations at `/allocations/:uuid`, whose version is
 * `consumer_generation`. Ask for microversion 1.28 or newer, which has both versions, and the code of each error.
 *
 * Source: https://docs.openstack.org/api-ref/placement/ (see 'Errors' and 'Generations')
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
    // Other codes stand for refusals that a retry doesn't change: a name that is taken, an inventory in use.
    classify: (_, body) =>
      verdictOf(textAt(body, '/errors/0/code'), { open: ['placement.concurrent_update'] }),
  };
}
