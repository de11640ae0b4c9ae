import type { Strategy } from '../core/resolution.ts';
import { keepRemote } from '../merge/keep.ts';

/** Rules for `threeWay` that keep the server's state of the fields that the server manages. */
export type ServerFields<Place extends string> = Readonly<Record<Place, Strategy<never>>>;

/** Makes the rules for the fields at these places. */
export function serverFields<Place extends string>(...places: readonly Place[]): ServerFields<Place> {
  const rule = keepRemote<never>();
  return Object.fromEntries(places.map((place) => [place, rule])) as ServerFields<Place>;
}
