import type { Overrides } from '../options.ts';
import type { Route } from '../route.ts';

/** What one write does otherwise than the answers that a person gives to it, and who hears of its end. */
export interface Once extends Pick<NonNullable<Route['shared']>, 'onEnd' | 'isPast'> {
  readonly overrides: Overrides;
}
