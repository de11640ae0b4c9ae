import type { Notes } from '../recovery/notes.ts';
import type { WriteResult } from '../report.ts';

/** The greatest number of resources, and of versions of each. */
const resources = 1_000;
const most = 16;

/**
 * The versions that one client has met of each resource, the newest first. A replica that lags may show an older
 * version again, and then it doesn't show the current state.
 */
export class Versions {
  // A Map keeps the order of insertion, so the resource that was used least recently is at its front.
  readonly #known = new Map<string, readonly string[]>();
  readonly #notes: Notes;

  /** @param notes The answers that aren't looked into yet: they came before the version that comes now. */
  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** Notes a version that was read. A version that is known already stays where it is. */
  read(href: string, version: string | undefined): void {
    this.#notes.settle();
    const known = this.#known.get(href) ?? [];
    if (version !== undefined && !known.includes(version)) this.#keep(href, [version, ...known]);
  }

  /**
   * Notes the version that a write has left; `undefined` if its answer doesn't name it: then all known versions are past.
   * A write that is only accepted leaves them as they are. One that found its state there has only read it, maybe from a
   * replica that lags.
   */
  written(
    { href }: URL,
    { outcome, version = unnamed }: Pick<WriteResult, 'outcome'> & { readonly version?: string | undefined },
  ): void {
    this.#notes.settle();
    if (outcome === 'accepted') return;
    const isFound = outcome === 'unchanged' || outcome === 'already-applied';
    if (isFound && version !== unnamed) {
      this.read(href, version);
      return;
    }
    const known = this.#known.get(href) ?? [];
    this.#keep(href, [version, ...known.filter((one) => one !== version)]);
  }

  /** Whether a version was followed by another one. A state that comes back with its old version counts as past, too. */
  isPast({ href }: URL, version: string): boolean {
    this.#notes.settle();
    return (this.#known.get(href)?.indexOf(version) ?? 0) > 0;
  }

  #keep(href: string, versions: readonly string[]): void {
    this.#known.delete(href);
    this.#known.set(href, versions.slice(0, most));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= resources) break;
      this.#known.delete(oldest);
    }
  }
}

const unnamed = '';
