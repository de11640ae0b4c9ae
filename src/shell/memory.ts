import { mediaType } from '../core/media.ts';
import type { Content } from './representation.ts';

/**
 * The bodies that were read, each under its exact version, for as long as there is room. Bodies that haven't been used
 * for long go first.
 */
export interface Memory {
  /** The number of bytes that the memory may hold. */
  readonly maxBytes: number;
  /** @param type The content type of the body, as a header says it; empty if no header does. */
  remember(key: string, content: Content, type: string): void;
  /** Returns the remembered body: in the given content type, or in the only type that was remembered. */
  recall(key: string, type: string): Content | undefined;
}

interface Entry {
  content: Content;
  type: string;
  /** Whether all bodies that were remembered here had this type. */
  isOnly: boolean;
  /** Whether the body was used since its last turn to go. */
  isUsed: boolean;
}

/**
 * Makes the memory of one client instance.
 *
 * @param maxBytes The number of bytes that it may hold, keys included. A body that is longer by itself is not remembered.
 */
export function createMemory(maxBytes: number): Memory {
  // A Map keeps the order of insertion. An entry that was used is moved to the end only when its turn to go comes, and
  // the iterator knows whose turn it is: else a write would cost more, the more is remembered.
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

/** Whether two content types are the same. A missing type equals every type. */
function isSame(one: string, other: string): boolean {
  return one === other || !one || !other || mediaType(one) === mediaType(other);
}

/** Returns a size in bytes. A character of text counts as two bytes, the most that an engine uses. */
function size(key: string, content: Content): number {
  return 2 * key.length + (typeof content === 'string' ? 2 * content.length : content.byteLength);
}
