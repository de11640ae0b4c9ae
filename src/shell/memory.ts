import { mediaType } from '../core/media.ts';
import type { Content } from './representation.ts';

/** Bodies under the exact version they were read in, for as long as there is room. Those that nobody has wanted for long go first. */
export interface Memory {
  /** How much it may hold. */
  readonly maxBytes: number;
  /** @param type Its content type, as a header says it; empty where none does. */
  remember(key: string, content: Content, type: string): void;
  /** What is remembered: in a content type, or in the only one that there was. */
  recall(key: string, type: string): Content | undefined;
}

interface Entry {
  content: Content;
  type: string;
  /** Whether all that was remembered here had this type. */
  isOnly: boolean;
  /** Whether it was wanted since its turn to go came last. */
  isUsed: boolean;
}

/**
 * Memory of one client instance.
 *
 * @param maxBytes How much it may hold, keys included. A body that is longer by itself is not remembered.
 */
export function createMemory(maxBytes: number): Memory {
  // A Map keeps the order of insertion. What was wanted is moved to its end only when its turn to go comes, and whose turn
  // it is, is known: else a write would cost more, the more is remembered.
  const entries = new Map<string, Entry>();
  let turns: MapIterator<[string, Entry]> | undefined;
  let held = 0;

  function makeRoomFor(latest: string): void {
    while (held > maxBytes) {
      turns ??= entries.entries();
      const { value, done } = turns.next();
      if (done) {
        turns = undefined;
        continue;
      }
      const [key, entry] = value;
      entries.delete(key);
      if (entry.isUsed || key === latest) entries.set(key, { ...entry, isUsed: false });
      else held -= size(key, entry.content);
    }
  }

  return {
    maxBytes,
    remember(key, content, type) {
      const known = entries.get(key);
      if (known) held -= size(key, known.content);
      const needed = size(key, content);
      if (needed > maxBytes) {
        entries.delete(key);
        return;
      }
      held += needed;
      if (known) {
        known.isOnly &&= isSame(known.type, type);
        known.content = content;
        known.type = type;
        known.isUsed = true;
      } else entries.set(key, { content, type, isOnly: true, isUsed: false });
      if (held > maxBytes) makeRoomFor(key);
    },
    recall(key, type) {
      const known = entries.get(key);
      if (!known) return undefined;
      known.isUsed = true;
      return known.isOnly || mediaType(known.type) === type ? known.content : undefined;
    },
  };
}

/** Who says no type says no other one. */
function isSame(one: string, other: string): boolean {
  return one === other || !one || !other || mediaType(one) === mediaType(other);
}

/** Text is counted at two bytes a character, the most that an engine uses. */
function size(key: string, content: Content): number {
  return 2 * key.length + (typeof content === 'string' ? 2 * content.length : content.byteLength);
}
