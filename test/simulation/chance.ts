/** A source of chance that a seed replays: Chris Doty-Humphrey's sfc32, seeded by a text. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    const next = scrambled(seed);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    for (let turn = 0; turn < 12; turn += 1) this.#draw();
  }

  /** From 0 up to, but not including, 1. */
  readonly next = (): number => this.#draw() / 2 ** 32;

  /** Whether something happens that does so with this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of a list, which must not be empty. */
  pick<Value>(list: readonly Value[]): Value {
    return list[this.between(0, list.length - 1)] as Value;
  }

  /** A UUID that nobody else has made, as far as this seed goes. */
  uuid(): string {
    const word = (): string => (this.#draw() >>> 0).toString(16).padStart(8, '0');
    const [a, b, c, d] = [word(), word(), word(), word()];
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }

  #draw(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }
}

/** Words made of a text, so that two seeds that differ by little give runs that have nothing in common (FNV, murmur3). */
function scrambled(text: string): () => number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return () => {
    hash = (hash + 0x9e3779b9) | 0;
    let word = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
}
