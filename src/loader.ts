declare const part: unique symbol;

/** The export of `remerge/recovery`: the code that recovers writes. */
export interface RecoveryPart {
  readonly [part]: true;
}

/** Loads the code that recovers writes. */
export type RecoveryLoader = () => PromiseLike<{ readonly recover: RecoveryPart }>;

/** The option that the functions of `remerge/lazy` take besides the others. */
export interface LazyRecovery {
  /**
   * Loads the code that recovers writes: `() => import('remerge/recovery')`. The app says how, since not every runtime
   * can load a module late: a service worker has no `import()`. Called at the first write, and again after it failed.
   */
  readonly recovery: RecoveryLoader;
}
