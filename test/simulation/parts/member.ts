import { isRecoveryError, type Resource, type WriteResult } from 'remerge';
import { operationHeader } from '../model-server.ts';
import type { Entry, Notebook } from '../notebook.ts';
import { address, type World } from '../party.ts';
import { at, change, placesOf, type Document, type Plan } from './document.ts';
import type { Deed, Met } from './record.ts';
import type { Scenario } from './scenario.ts';
import type { Tools } from './tools.ts';
import { patchOf, typeOf } from './words.ts';

/** What one client does, one thing after another. */
export class Member {
  readonly #name: string;
  readonly #tools: Tools;
  readonly #scenario: Scenario;
  readonly #world: Omit<World, 'network'>;
  readonly #notebook: Notebook;
  readonly #deeds: Deed[];
  readonly #met: Met;
  readonly #handle: Resource;
  readonly #mine: string[] = [];

  constructor(
    name: string,
    tools: Tools,
    scenario: Scenario,
    world: Omit<World, 'network'>,
    { notebook, deeds, met }: { readonly notebook: Notebook; readonly deeds: Deed[]; readonly met: Met },
  ) {
    this.#name = name;
    this.#tools = tools;
    this.#scenario = scenario;
    this.#world = world;
    this.#notebook = notebook;
    this.#deeds = deeds;
    this.#met = met;
    this.#handle = tools.api.resource('notes/:id', { id: '42' });
  }

  /** Everything that the client does. */
  async live(): Promise<void> {
    const { writes, workload } = this.#scenario;
    const { chance, timeline } = this.#world;
    for (let count = 0; count < writes; count += 1) {
      await timeline.pass(chance.between(0, 60));
      const id = `${this.#name}${count}`;
      if (workload === 'lagging') await this.#act(id);
      else {
        const base = await this.#read().catch(() => undefined);
        if (base) await (workload === 'actions' ? this.#order(id, base) : this.#patch(id, base));
      }
    }
  }

  /** Reads what is there, by what it writes with. The object is known for what it shows. */
  async #read(): Promise<Known> {
    const { by } = this.#scenario;
    if (by === 'handle') {
      const { value, version } = await this.#handle.read();
      return { base: value as Document, version };
    }
    const response = await (by === 'fetch' ? this.#tools.fetch(address) : this.#tools.api.get(address));
    return { base: (await response.json()) as Document, version: response.headers.get('etag') ?? undefined };
  }

  async #patch(id: string, { base }: Known): Promise<void> {
    const plan = this.#planFor(id, base);
    const headers = { 'content-type': typeOf(this.#scenario), [operationHeader]: id };
    const patch = patchOf(plan, base, this.#scenario);
    const body = JSON.stringify(patch);
    const made = ({ api, fetch }: Tools): Promise<unknown> => {
      if (this.#scenario.by === 'handle') return this.#handle.patch(patch, { base, headers });
      const init = { method: 'PATCH', headers, body, base };
      return this.#scenario.by === 'fetch' ? fetch(address, init) : api.patch(address, init);
    };
    await this.#do('patch', id, plan, made);
    if (plan.adds !== undefined) this.#mine.push(plan.adds);
  }

  /** Draws what to change: places of its own, and the list, some of it in the words of the format only. */
  #planFor(id: string, base: Document): Plan {
    const { chance } = this.#world;
    const { format } = this.#scenario;
    const sets: Record<string, string | null> = {};
    for (const place of placesOf(this.#name))
      if (chance.happens(0.35))
        sets[place] = at(base, place) !== undefined && chance.happens(0.3) ? null : id;
    const adds = chance.happens(0.3) || Object.keys(sets).length === 0 ? id : undefined;
    const drops = chance.happens(0.4) ? this.#mine.find((item) => base.items.includes(item)) : undefined;
    const phase = format === 'operations' && chance.happens(0.3) ? base.phase : undefined;
    return {
      sets,
      ...(adds !== undefined && { adds }),
      ...(drops !== undefined && { drops }),
      ...(phase !== undefined && { phase }),
    };
  }

  /** Has the server do something. */
  async #order(id: string, { base, version }: Known): Promise<void> {
    const { showsLast, version: place, by } = this.#scenario;
    const headers = {
      'content-type': 'application/json',
      [operationHeader]: id,
      ...(place === 'header' && version !== undefined && { 'if-match': version }),
    };
    const what = showsLast ? { do: 'up' } : { actions: [{ add: id }] };
    const body = JSON.stringify({ ...(place === 'body' && { version: base.version }), ...what });
    const init = { method: 'POST', headers, body };
    await this.#do('post', id, { sets: {}, ...(!showsLast && { adds: id }) }, ({ api, fetch }) =>
      by === 'fetch' ? fetch(address, init) : api.post(address, init),
    );
  }

  /** Reads, writes or updates, by verbs and by the handle. */
  async #act(id: string): Promise<void> {
    const { api } = this.#tools;
    const { chance } = this.#world;
    const headers = { [operationHeader]: id };
    const place = placesOf(this.#name)[0] ?? '';
    const planOf = (value: string): Plan => ({ sets: { [place]: value } });
    const how = chance.pick(['update', 'update', 'get', 'read', 'put', 'patch', 'replace'] as const);
    if (how === 'get') await api.get(address).json();
    else if (how === 'read') await this.#handle.read();
    else if (how === 'update') {
      const plan = planOf(chance.pick(['on', 'off']));
      const recipe = (draft: unknown): void => change(draft as Document, plan, this.#scenario.nulls);
      await this.#do('update', id, plan, () => this.#handle.update(recipe, { headers }));
    } else {
      const byVerb = how !== 'replace';
      const base = byVerb ? await api.get(address).json<Document>() : (await this.#handle.read()).value;
      const next = structuredClone(base) as Document;
      const plan = planOf(at(next, place) === 'on' ? 'off' : 'on');
      change(next, plan, this.#scenario.nulls);
      const body = how === 'patch' ? patchOf(plan, base as Document, this.#scenario) : next;
      const type = how === 'patch' ? typeOf(this.#scenario) : 'application/json';
      const init = { headers: { ...headers, 'content-type': type }, body: JSON.stringify(body), base };
      await this.#do(how === 'patch' ? 'patch' : 'put', id, plan, () => {
        if (!byVerb) return this.#handle.replace(next, { base, headers });
        return how === 'put' ? api.put(address, init) : api.patch(address, init);
      });
    }
  }

  async #do(
    verb: Deed['verb'],
    id: string,
    plan: Plan,
    make: (tools: Tools) => Promise<unknown>,
  ): Promise<void> {
    const { server } = this.#world;
    const entry = this.#notebook.begin(id, this.#name, false);
    const from = server.newest.number;
    const deed: Deed = { entry, plan, verb, from, to: from, passed: this.#met.passed };
    this.#deeds.push(deed);
    let isNamed = false;
    await make(this.#tools).then(
      (result) => {
        this.#note(entry, result);
        isNamed = this.#isNamed(result);
      },
      (error: unknown) => this.#noteFailure(entry, error),
    );
    deed.to = server.newest.number;
    const left = server.states.findLast(({ operation }) => operation === id);
    if (entry.outcome === 'ok' && left && entry.said !== 'unchanged') this.#met.leave(left.number, isNamed);
  }

  /** Whether the answer to a write names the version that it has left. */
  #isNamed(result: unknown): boolean {
    if (!(result instanceof Response)) return (result as WriteResult).version !== undefined;
    return this.#scenario.version === 'header' && result.headers.has('etag');
  }

  #note(entry: Entry, result: unknown): void {
    const { outcome } = result as { readonly outcome?: string };
    if (outcome === undefined) this.#notebook.note(entry, result);
    else this.#notebook.succeed(entry, outcome);
  }

  #noteFailure(entry: Entry, error: unknown): void {
    // An error without a report is one of a write that was never sent.
    if (isRecoveryError(error) && !error.recovery) this.#notebook.fail(entry, error.code);
    else this.#notebook.note(entry, error);
  }
}

/** What was read. */
interface Known {
  readonly base: Document;
  readonly version: string | undefined;
}
