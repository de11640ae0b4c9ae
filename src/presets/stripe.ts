import { none } from '../core/version-rule.ts';
import type { Preset } from './preset.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Stripe. It has no versions: of two updates the later one wins. What it has is `Idempotency-Key`: each POST gets one, and
 * after a lost answer, or while the first request with that key is still at work (409 `idempotency_key_in_use`), the same
 * goes out again, and is made once.
 *
 * Nothing is ever merged, so the merge isn't called: `keepLocal()` will do.
 *
 * Sources: https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/error-codes
 */
export function stripe(): Preset {
  return {
    version: none(),
    methods: ['POST'],
    idempotencyKey: true,
    statusCodes: [409],
    conflict: (_, body) =>
      verdictOf(textAt(body, '/error/code'), { open: [], busy: ['idempotency_key_in_use', 'lock_timeout'] }),
  };
}
