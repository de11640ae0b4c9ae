import { isRecoveryError, type Client, type RecoveryError, type Resource } from 'remerge';
import { toldOf } from './scenario.ts';
import { blank, changed, isDocument, nameOf, type Document } from './document.ts';
import type { Entry } from './ledger.ts';
import { baseOf, madeOf, putBy, resourceOf, type Base, type Made } from './base.ts';
import { recipeOf } from './recipes.ts';
import { callHeader } from './server.ts';
import type { Burst, Call, Visit } from './visit.ts';
import { pause, type World } from './world.ts';

/** A user who calls. */
export class Visitor {
  readonly #visit: Visit;
  readonly #api: Client<Record<string, unknown>>;
  readonly #world: World;
  readonly #last = new Map<string, Made>();
  #calls = 0;
  #isGone = false;
  readonly #prefix: string;

  constructor(visit: Visit, index: number, api: Client<Record<string, unknown>>, world: World) {
    this.#visit = visit;
    this.#api = api;
    this.#world = world;
    this.#prefix = `${visit.user}${index}`;
  }

  /** Makes all calls. */
  async live(): Promise<void> {
    const { server, clock } = this.#world;
    for (const burst of this.#visit.bursts) {
      const { pause: thinks, other, calls } = burst;
      const name = nameOf(calls[0]?.path ?? '', this.#visit.user);
      if (other !== undefined) clock.after(thinks * other, () => server.write(name));
      if (thinks > 0) await pause(this.#world, thinks);
      if (this.#hasLeft()) return;
      const made = Promise.all(this.#make(burst));
      if (burst.isAwaited) await made;
      if (this.#hasLeft()) return;
    }
  }

  /** Waits for nothing any more. What is under way stays so. */
  leave(): void {
    this.#isGone = true;
  }

  #hasLeft(): boolean {
    return this.#isGone;
  }

  #make({ calls }: Burst): readonly Promise<void>[] {
    const shared = new AbortController();
    return calls.map(async (call) => {
      if (call.after > 0) await pause(this.#world, call.after);
      if (this.#hasLeft()) return;
      const { abort } = call;
      const controller = abort?.by === 'own' ? new AbortController() : shared;
      const spare = abort && this.#world.clock.after(abort.after, () => controller.abort());
      await this.#call(call, abort && controller.signal);
      if (abort?.by === 'own') spare?.();
    });
  }

  async #call(call: Call, signal: AbortSignal | undefined): Promise<void> {
    const id = `${this.#prefix}.${(this.#calls += 1)}${call.isPoison ? '!' : ''}`;
    const handle = resourceOf(this.#api, call.path);
    const options = { ...(signal && { signal }) };
    if (call.verb === 'update') return this.#update(handle, id, call, options);
    const headers = { [callHeader]: id };
    const { ledger } = this.#world;
    if (call.verb === 'create') {
      const value = changed(blank(nameOf(call.path, this.#visit.user)), id);
      return this.#note(
        ledger.begin(id, this.#visit.user, call),
        handle.create(value, { ...options, headers }),
      );
    }
    const base = await baseOf(this.#world, handle, call, this.#last.get(call.path));
    if (base === undefined || this.#hasLeft()) return undefined;
    this.#see(call.path, base.value);
    const entry = ledger.begin(id, this.#visit.user, call);
    const based = { ...options, headers, base: base.is };
    if (call.verb === 'remove') return this.#note(entry, handle.delete(based));
    const value = changed(base.value, id);
    if (call.verb === 'put')
      return this.#note(entry, putBy(this.#api, call.path, value, { ...based, version: this.#tagOf(base) }));
    if (call.verb === 'replace') return this.#note(entry, handle.replace(value, based));
    return this.#note(entry, handle.patch({ items: value.items, count: value.count }, based));
  }

  #update(
    handle: Resource,
    id: string,
    call: Call,
    signal: { readonly signal?: AbortSignal },
  ): Promise<void> {
    const { ledger, scenario } = this.#world;
    const { user } = this.#visit;
    const entry = ledger.begin(id, user, call);
    let nested = 0;
    const nest = (): Promise<unknown> => {
      const inner = ledger.begin(`${id}n${(nested += 1)}`, user, { ...call, manner: 'appends' }, 'nested');
      const made = handle.update(recipeOf(inner, surroundings));
      return this.#note(inner, made).then(() => made);
    };
    const surroundings = {
      ledger,
      nest,
      told: toldOf(scenario),
      pause: (delay: number) => pause(this.#world, delay),
    };
    const { isIdempotent: idempotent, isTogether: together } = call;
    const options = { ...signal, ...(idempotent && { repeatable: true }), ...(!together && { together }) };
    return this.#note(entry, handle.update(recipeOf(entry, surroundings), options));
  }

  /** The tag that a write is sent under, where the server has tags. */
  #tagOf({ version }: Base): string | undefined {
    return this.#world.scenario.versions === 'etag' ? version : undefined;
  }

  async #note(entry: Entry, made: Promise<Made>): Promise<void> {
    const { ledger } = this.#world;
    try {
      const result = await made;
      ledger.succeed(entry, result.outcome);
      if (isDocument(result.value)) this.#see(entry.call.path, result.value);
      if (entry.call.verb !== 'remove') this.#last.set(entry.call.path, result);
    } catch (error) {
      ledger.fail(entry, error);
      if (isRecoveryError(error) && entry.kind === 'call') await this.#answer(entry, error);
    }
  }

  /** A person looks at what could not be decided, and says what is to be. */
  async #answer({ call, id }: Entry, error: RecoveryError): Promise<void> {
    const { question } = error;
    const remote = question?.remote;
    if (call.answers === undefined || !['outcome-unknown', 'merge-conflict'].includes(error.code)) return;
    if (!question || !isDocument(remote)) return;
    this.#see(call.path, remote);
    await pause(this.#world, call.answers);
    if (this.#hasLeft()) return;
    const answer = `${id}?`;
    const entry = this.#world.ledger.begin(answer, this.#visit.user, call, 'answer');
    await this.#note(entry, question.resume(changed(remote, answer)).then(madeOf));
  }

  /** A user is only ever shown documents of their own. What a redirect shows is another matter. */
  #see(path: string, { name }: Document): void {
    const { ledger, scenario } = this.#world;
    const { user } = this.#visit;
    if (name !== nameOf(path, user) && !name.startsWith('notes/'))
      ledger.flaw(`shown another's: ${toldOf(scenario)}`, `${user} was shown ${name}`);
  }
}
