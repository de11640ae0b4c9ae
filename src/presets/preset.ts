import type { Verdict } from '../core/outcome.ts';
import type { VersionOption } from '../core/version-rule.ts';

/**
 * The route options that all resources of one kind of server share. Spread them into a route. An option after the
 * preset replaces that of the preset: `{ ...couchdb(), merge, limit: 3 }`. See `RouteOptions` for what each member
 * means.
 */
export interface Preset {
  readonly version: VersionOption;
  readonly statusCodes?: readonly number[];
  readonly conflict?: (response: Response, body: unknown) => Verdict | undefined;
  readonly methods?: readonly string[];
  readonly createBy?: 'PUT' | 'POST';
  readonly createAt?: (url: URL) => URL;
  readonly writeBy?: 'PUT' | 'POST';
  readonly readFrom?: (url: URL) => URL;
  readonly stateIn?: (body: unknown) => unknown;
  readonly compared?: (state: Readonly<Record<string, unknown>>) => unknown;
  readonly idempotencyKey?: boolean;
  readonly means?: 'actions';
}
