/** What is known of an object that isn't ours, a response or an error: each member belongs to the file that sets it. */
export interface Attached {
  filed: unknown;
  watcher: unknown;
  seen: unknown;
}

/** Gives what it is made with: so a class that extends it can put a private field on that. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- A field can only be put on what a constructor gives.
class Given {
  constructor(target: object) {
    return target;
  }
}

/** A private field costs a thirtieth of an entry in a `WeakMap`, and nobody else sees it. */
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

/** Of what takes no field: a runtime may refuse one to what can't be extended. */
const others = new WeakMap<object, Attached>();

/** What is known of it so far, if it is anything. */
export function attachedTo(target: unknown): Attached | undefined {
  return Object(target) === target ? Holder.get(target as object) : undefined;
}

/** What is known of it, to add to. */
export function attach(target: object): Attached {
  const known = Holder.get(target);
  if (known) return known;
  const held: Attached = { filed: undefined, watcher: undefined, seen: undefined };
  if (Object.isExtensible(target)) new Holder(target, held);
  else others.set(target, held);
  return held;
}
