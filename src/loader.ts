declare const part: unique symbol;

/** What `remerge/recovery` exports. */
export interface RecoveryPart {
  readonly [part]: true;
}

/** Loads what recovers writes. */
export type RecoveryLoader = () => PromiseLike<{ readonly recover: RecoveryPart }>;

/** What the functions of `remerge/lazy` are told besides. */
export interface LazyRecovery {
  /**
   * Loads what recovers writes: `() => import('remerge/recovery')`. It is for the app to say, since not everywhere may a
   * module be loaded late: a service worker has no `import()`. Called at the first write, and again where it failed.
   */
  readonly recovery: RecoveryLoader;
}
