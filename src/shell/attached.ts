/**
 * The data that remerge attaches to a response or an error that isn't its own. Each member belongs to the file that sets it.
 */
export interface Attached {
  record: unknown;
  watcher: unknown;
  knownState: unknown;
}

/** Returns the object that its constructor gets, so that a class that extends it can put a private field on that object. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- A field can only be put on what a constructor gives.
class Given {
  constructor(target: object) {
    return target;
  }
}

/** Holds the data in a private field, which costs a thirtieth of an entry in a `WeakMap`, and which no other code sees. */
class Holder extends Given {
  #held: Attached;

  constructor(target: object, held: Attached) {
    super(target);
    this.#held = held;
  }

  static get(target: object): Attached | undefined {
    if (#held in target) return target.#held;
    return Object.isExtensible(target) ? undefined : others.get(target);
  }
}

/** The data of objects that take no field: a runtime may refuse a field on an object that can't be extended. */
const others = new WeakMap<object, Attached>();

/** Returns the data that is attached to an object so far, if there is any. */
export function attachedTo(target: unknown): Attached | undefined {
  return Object(target) === target ? Holder.get(target as object) : undefined;
}

/** Returns the data of an object, to add to. */
export function attach(target: object): Attached {
  const known = Holder.get(target);
  if (known) return known;
  const held: Attached = { record: undefined, watcher: undefined, knownState: undefined };
  if (Object.isExtensible(target)) new Holder(target, held);
  else others.set(target, held);
  return held;
}
