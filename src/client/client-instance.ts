import type { KyInstance, Options } from 'ky';
import type { Overrides } from '../options.ts';
import type { Shared } from '../recovery/call.ts';
import type { RouteFinder } from '../route.ts';
import type { HeaderMaker } from '../shell/fresh-headers.ts';
import type { Tabs } from '../shell/tabs.ts';
import type { Versions } from './versions.ts';

/** The options of one call: all options of ky, and those of one write. */
export type CallOptions = Options & {
  /** The state that the body was derived from; see `RecoveringInit`. Default: what is remembered. */
  readonly base?: unknown;
  /** Options in which this write differs from its route. Its `timeout`s go before those of ky. Default: none. */
  readonly recovery?: Overrides;
};

/** One instance of a client: ky with its defaults, and the routes that they lead to. */
export interface ClientInstance {
  readonly http: KyInstance;
  readonly defaults: Options;
  readonly shared: Shared;
  readonly find: RouteFinder;
  readonly versions: Versions;
  readonly headers: HeaderMaker | undefined;
  readonly tabs: Tabs | undefined;
}
