import type { Overrides } from '../options.ts';
import type { Route } from '../route.ts';

/** The options in which one write differs from a person's answers to it, and the callback that hears of its end. */
export interface SingleWriteOptions extends Pick<
  NonNullable<Route['batch']>,
  'onEnd' | 'onPending' | 'isPast'
> {
  readonly overrides: Overrides;
}
