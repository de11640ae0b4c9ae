import { none } from '../core/version-rule.ts';
import { idempotencyKey } from '../core/write-id-option.ts';
import type { Server } from '../server.ts';
import { textAt } from './refusal.ts';

/**
 * Stripe's API v1. It has no versions: of two updates the later one wins. Instead it has `Idempotency-Key`, and each POST gets a
 * key. The same request is sent again after a lost answer, while the first request with that key is still at work (409
 * `idempotency_key_in_use`), and while another request holds the object (429 `lock_timeout`); Stripe makes it once. Any
 * other 429 stands.
 *
 * Nothing is ever merged, so the merge isn't called: `keepLocal()` will do.
 *
 * Sources: https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/error-codes,
 * https://docs.stripe.com/rate-limits#object-lock-timeouts
 */
export function stripe(): Server {
  return {
    name: 'stripe',
    version: none(),
    methods: ['POST'],
    writeId: idempotencyKey(),
    conflictStatuses: [409, 429],
    classify({ status }, body) {
      const busy = status === 409 ? 'idempotency_key_in_use' : 'lock_timeout';
      return textAt(body, '/error/code') === busy ? 'in-progress' : 'final';
    },
  };
}
