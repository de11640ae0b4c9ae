/** Whether an error is one that Node leaves behind by itself: it goes on to fill the stream of a Request's body that was cancelled. */
function isOfPlatform(error: unknown): boolean {
  const { code, stack } = Object(error) as { readonly code?: unknown; readonly stack?: unknown };
  return code === 'ERR_INVALID_STATE' && String(stack).includes('undici');
}

/** Collects rejections that nobody hears, in place of whoever else listens. */
export class Strays {
  readonly errors: unknown[] = [];
  readonly #others = process.listeners('unhandledRejection');
  readonly #listen = (error: unknown): void => {
    if (!isOfPlatform(error)) this.errors.push(error);
  };

  constructor() {
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', this.#listen);
  }

  stop(): void {
    process.off('unhandledRejection', this.#listen);
    for (const other of this.#others) process.on('unhandledRejection', other);
  }
}
