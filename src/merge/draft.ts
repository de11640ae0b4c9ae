import { absent, type Path } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';

type Container = unknown[] | Record<string, unknown>;

/** The most list items that one draft may shift in all its operations, so that no patch can block the thread. */
const mostShifts = 2e7;

/**
 * A document that is changed step by step. The original stays as it is: an object or a list is copied when it is first
 * changed.
 */
export class Draft {
  /** The document as the only member of another object, so that the document can be replaced as a whole. */
  readonly #holder: Record<string, unknown>;
  /** The objects and lists that the draft made itself, and may change. */
  #own = new Set<unknown>();
  #shifts = 0;

  constructor(document: unknown) {
    this.#holder = { '': document };
    this.#own.add(this.#holder);
  }

  /** The whole document; `absent` where it was removed. */
  get value(): unknown {
    return this.at([]);
  }

  /** The value at a path, or `absent`. */
  at(path: Path): unknown {
    let value: unknown = this.#holder;
    for (const step of ['', ...path]) {
      const key = keyIn(value, step);
      if (key === undefined || !Object.hasOwn(value as Container, key)) return absent;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }

  /** Adds a member or replaces it; in a list, inserts the value before the item at the index. */
  add(path: Path, value: unknown): boolean {
    const [container, step] = this.#parentOf(path);
    if (!container) return false;
    if (!Array.isArray(container)) {
      put(container, step, value);
      return true;
    }
    const index = step === '-' ? container.length : indexOf(step);
    if (index === undefined || index > container.length || !this.#shift(container.length - index))
      return false;
    container.splice(index, 0, value);
    return true;
  }

  /** Sets a value at a path in any case: each missing step on the way becomes an object. */
  make(path: Path, value: unknown): void {
    for (let steps = 0; steps < path.length; steps++) {
      const above = path.slice(0, steps);
      const [here, there] = [this.at(above), this.at(path.slice(0, steps + 1))];
      if (there === absent && !isRecord(here)) this.replace(above, {});
      if (there === absent) this.add(path.slice(0, steps + 1), {});
    }
    this.replace(path, value);
  }

  replace(path: Path, value: unknown): boolean {
    if (this.at(path) === absent) return false;
    const [container, step] = this.#parentOf(path);
    if (container) put(container, step, value);
    return container !== undefined;
  }

  /** Removes the value at a path. Returns that value, or `absent`. */
  remove(path: Path): unknown {
    const value = this.at(path);
    if (value === absent) return absent;
    const [container, step] = this.#parentOf(path);
    if (Array.isArray(container)) {
      if (!this.#shift(container.length - Number(step))) return absent;
      container.splice(Number(step), 1);
    } else if (container) Reflect.deleteProperty(container, step);
    return value;
  }

  copy(from: Path, to: Path): boolean {
    const value = this.at(from);
    // The value stands at two places now, and a change at one must not show at the other: copy it again before a
    // change.
    this.#own = new Set([this.#holder]);
    return value !== absent && this.add(to, value);
  }

  move(from: Path, to: Path): boolean {
    const isInside = to.length > from.length && from.every((step, index) => step === to[index]);
    if (isInside) return false;
    if (from.length === to.length && from.every((step, index) => step === to[index]))
      return this.at(from) !== absent;
    const value = this.remove(from);
    return value !== absent && this.add(to, value);
  }

  /** The container of the last step of a path, copied so that it may be changed; `undefined` where there is none. */
  #parentOf(path: Path): readonly [container: Container | undefined, step: string] {
    const steps = ['', ...path];
    const last = steps.pop() ?? '';
    let container: Container = this.#holder;
    for (const step of steps) {
      const key = keyIn(container, step);
      if (key === undefined || !Object.hasOwn(container, key)) return [undefined, last];
      const inner: unknown = (container as Record<string, unknown>)[key];
      if (!Array.isArray(inner) && !isRecord(inner)) return [undefined, last];
      let ours: Container = inner as Container;
      if (!this.#own.has(inner)) {
        ours = Array.isArray(inner) ? [...(inner as unknown[])] : { ...inner };
        this.#own.add(ours);
        put(container, key, ours);
      }
      container = ours;
    }
    return [container, last];
  }

  #shift(items: number): boolean {
    this.#shifts += items;
    return this.#shifts <= mostShifts;
  }
}

/** A step as a key of a container: any name for an object, an index for a list; otherwise `undefined`. */
function keyIn(value: unknown, step: string): string | undefined {
  if (Array.isArray(value)) return indexOf(step) === undefined ? undefined : step;
  return isRecord(value) ? step : undefined;
}

/** The index that a step says: digits without leading zeros (RFC 6901 §4). */
function indexOf(step: string): number | undefined {
  return /^(0|[1-9]\d*)$/.test(step) ? Number(step) : undefined;
}

/** Sets a member, also one named `__proto__`: an assignment would call a setter where there is no such member yet. */
function put(container: Container, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
  } else (container as Record<string, unknown>)[key] = value;
}
