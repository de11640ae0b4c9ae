import { isRecoveryError, type RecoveringFetch, type Resource } from 'remerge';
import { change, documentOf, initial, memberOf, type Document } from './document.ts';
import type { Read } from './history.ts';
import { operationHeader, tagOf } from './model-server.ts';
import type { Entry, Notebook } from './notebook.ts';
import { address, type Party, type World } from './party.ts';
import type { Scenario } from './scenario.ts';

/** Writes and reads of one client, one after another. */
export class Writer {
  readonly #party: Party;
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #notebook: Notebook;
  readonly #reads: Read<Document>[];
  #fetch: RecoveringFetch | undefined;
  #handle: Resource | undefined;

  constructor(party: Party, scenario: Scenario, world: World, notebook: Notebook, reads: Read<Document>[]) {
    this.#party = party;
    this.#scenario = scenario;
    this.#world = world;
    this.#notebook = notebook;
    this.#reads = reads;
  }

  /** Everything that the client does. */
  async live(): Promise<void> {
    const { workload, crashes } = this.#scenario;
    const { chance, timeline } = this.#world;
    const crash = (): void => {
      this.#party.isGone = true;
    };
    const spare = chance.happens(crashes) ? timeline.after(chance.between(1, 2_000), crash) : undefined;
    await (workload === 'contest' ? this.#compete() : this.#work());
    spare?.();
  }

  async #work(): Promise<void> {
    const { writes, isTogether } = this.#scenario;
    const all = Array.from({ length: writes }, (_, count) => count);
    if (isTogether) await Promise.all(all.map((count) => this.#workOn(count)));
    else for (const count of all) await this.#workOn(count);
    await this.#read();
  }

  async #workOn(count: number): Promise<void> {
    const { isIdempotent, by } = this.#scenario;
    await this.#party.pause(this.#world.chance.between(0, 60));
    const entry = this.#notebook.begin(this.#idOf(count), this.#party.name, isIdempotent);
    if (by === 'fetch') await this.#put(entry);
    else await this.#update(entry);
  }

  /** Everybody starts from the same state, in the same moment. */
  async #compete(): Promise<void> {
    const { newest } = this.#world.server;
    const entry = this.#notebook.begin(this.#idOf(0), this.#party.name, this.#scenario.isIdempotent);
    const tag = this.#scenario.version === 'header' ? tagOf(newest) : undefined;
    await this.#write(entry, documentOf(newest.text), tag);
  }

  async #put(entry: Entry): Promise<void> {
    if (this.#scenario.workload === 'lock') return this.#create(entry);
    const [base, tag] = await this.#read();
    await (base ? this.#write(entry, base, tag) : this.#create(entry));
  }

  /** Reads the newest state, as a reader does who has nothing to do with remerge. */
  async #read(): Promise<[document: Document | undefined, tag: string | undefined]> {
    const { network, server, timeline } = this.#world;
    const start = timeline.moment();
    const { status, headers, body } = await network.ask(server);
    // The network knows nothing of crashes here, so a machine that is gone has to see to it itself.
    await this.#party.pause(0);
    const seen = documentOf(status === 200 ? body : undefined);
    this.#reads.push({ seen, start, end: timeline.moment() });
    return [status === 200 ? seen : undefined, headers.etag];
  }

  async #create(entry: Entry): Promise<void> {
    const local = this.#change(initial, entry);
    await this.#send(entry, 'PUT', { 'if-none-match': '*' }, JSON.stringify(local));
  }

  async #write(entry: Entry, base: Document, tag: string | undefined): Promise<void> {
    const { method, workload, isBlind, version, difference } = this.#scenario;
    const local = this.#change(base, entry);
    const patch = {
      [memberOf(workload)]: local[memberOf(workload)],
      ...(version === 'body' && { version: base.version }),
    };
    const isPart = method === 'PATCH' || difference !== undefined;
    const headers = tag !== undefined && !isBlind ? { 'if-match': tag } : {};
    await this.#send(entry, method, headers, JSON.stringify(isPart ? patch : local), base);
  }

  #change(base: Document, { id }: Entry): Document {
    const local = structuredClone(base);
    change(this.#scenario.workload, local, id, this.#scenario.isIdempotent);
    return local;
  }

  async #send(
    entry: Entry,
    method: string,
    more: Readonly<Record<string, string>>,
    body: string,
    base?: Document,
  ): Promise<void> {
    this.#fetch ??= this.#party.recovering();
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { 'content-type': type, [operationHeader]: entry.id, ...more };
    const signal = this.#signal();
    const init = { method, headers, body, ...(base && { base }), ...(signal && { signal }) };
    await this.#fetch(address, init).then(
      (response) => this.#notebook.note(entry, response),
      (error: unknown) => this.#notebook.note(entry, error),
    );
  }

  async #update(entry: Entry): Promise<void> {
    const { workload, isIdempotent } = this.#scenario;
    this.#handle ??= this.#party.handle();
    const signal = this.#signal();
    // An update of a list shows in the list. With a header of its own it would travel alone.
    const headers = workload === 'counter' ? { [operationHeader]: entry.id } : undefined;
    const options = { ...(headers && { headers }), ...(signal && { signal }) };
    const recipe = (draft: unknown): void => change(workload, draft as Document, entry.id, isIdempotent);
    await this.#handle.update(recipe, options).then(
      ({ outcome }) => this.#notebook.succeed(entry, outcome),
      (error: unknown) => this.#noteFailure(entry, error),
    );
  }

  #noteFailure(entry: Entry, error: unknown): void {
    // An error without a report is one of a write that was never sent.
    if (isRecoveryError(error) && !error.recovery) this.#notebook.fail(entry, error.code);
    else this.#notebook.note(entry, error);
  }

  #signal(): AbortSignal | undefined {
    const { chance } = this.#world;
    if (!chance.happens(this.#scenario.aborts)) return undefined;
    const controller = new AbortController();
    this.#party.clock.after(chance.between(0, 1_500), () => controller.abort());
    return controller.signal;
  }

  #idOf(count: number): string {
    return `${this.#party.name}${count}`;
  }
}
