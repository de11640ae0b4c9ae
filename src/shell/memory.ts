import type { Content } from './representation.ts';

/** Bodies under the exact version they were read in, for as long as there is room. The oldest in use go first. */
export interface Memory {
  /** How much it may hold. */
  readonly maxBytes: number;
  remember(key: string, content: Content): void;
  recall(key: string): Content | undefined;
}

/**
 * Memory of one client instance.
 *
 * @param maxBytes How much it may hold, keys included. A body that is longer by itself is not remembered.
 */
export function createMemory(maxBytes: number): Memory {
  // A Map keeps the order of insertion, so its first entry is the one least recently used.
  const entries = new Map<string, Content>();
  let held = 0;

  function forget(key: string): void {
    const content = entries.get(key);
    if (content === undefined) return;
    entries.delete(key);
    held -= size(key, content);
  }

  return {
    maxBytes,
    remember(key, content) {
      forget(key);
      const needed = size(key, content);
      if (needed > maxBytes) return;
      for (const oldest of entries.keys()) {
        if (held + needed <= maxBytes) break;
        forget(oldest);
      }
      entries.set(key, content);
      held += needed;
    },
    recall(key) {
      const content = entries.get(key);
      if (content === undefined) return undefined;
      entries.delete(key);
      entries.set(key, content);
      return content;
    },
  };
}

/** Text is counted at two bytes a character, the most that an engine uses. */
function size(key: string, content: Content): number {
  return 2 * key.length + (typeof content === 'string' ? 2 * content.length : content.byteLength);
}
