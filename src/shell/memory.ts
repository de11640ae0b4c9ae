import type { Content } from './representation.ts';

/** Bodies under the exact version they were read in, for as long as there is room. The oldest in use go first. */
export interface Memory {
  /** How much it may hold. */
  readonly maxBytes: number;
  /** @param type Its content type. */
  remember(key: string, content: Content, type: string): void;
  /** What is remembered: in a content type, or in the only one that there was. */
  recall(key: string, type: string): Content | undefined;
}

interface Entry {
  readonly content: Content;
  readonly type: string;
  /** Whether all that was remembered here had this type. */
  readonly isOnly: boolean;
}

/**
 * Memory of one client instance.
 *
 * @param maxBytes How much it may hold, keys included. A body that is longer by itself is not remembered.
 */
export function createMemory(maxBytes: number): Memory {
  // A Map keeps the order of insertion, so its first entry is the one least recently used.
  const entries = new Map<string, Entry>();
  let held = 0;

  function forget(key: string): void {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    held -= size(key, entry.content);
  }

  return {
    maxBytes,
    remember(key, content, type) {
      const before = entries.get(key);
      // Who says no type says no other one.
      const isSame = !before?.type || !type || before.type === type;
      const isOnly = isSame && before?.isOnly !== false;
      forget(key);
      const needed = size(key, content);
      if (needed > maxBytes) return;
      for (const oldest of entries.keys()) {
        if (held + needed <= maxBytes) break;
        forget(oldest);
      }
      entries.set(key, { content, type, isOnly });
      held += needed;
    },
    recall(key, type) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.isOnly || entry.type === type ? entry.content : undefined;
    },
  };
}

/** Text is counted at two bytes a character, the most that an engine uses. */
function size(key: string, content: Content): number {
  return 2 * key.length + (typeof content === 'string' ? 2 * content.length : content.byteLength);
}
