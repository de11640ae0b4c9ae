import type { KyInstance, Options } from 'ky';
import type { Overrides } from '../options.ts';
import type { World } from '../recovery/call.ts';
import type { RouteFinder } from '../route.ts';
import type { HeaderMaker } from '../shell/fresh-headers.ts';
import type { Tabs } from '../shell/tabs.ts';
import type { Versions } from './versions.ts';

/** What one call may say: all that ky takes, and what is said of one write. */
export type CallOptions = Options & {
  /** The state that the body was derived from; see `RecoveringInit`. Default: what is remembered. */
  readonly base?: unknown;
  /** What this write may do otherwise than its route. Its `timeout`s go before those of ky. Default: nothing. */
  readonly recovery?: Overrides;
};

/** One instance of a client: ky with its defaults, and the routes that they lead to. */
export interface Site {
  readonly http: KyInstance;
  readonly defaults: Options;
  readonly world: World;
  readonly find: RouteFinder;
  readonly versions: Versions;
  readonly headers: HeaderMaker | undefined;
  readonly tabs: Tabs | undefined;
}
