import type { Call, Reply } from '../model-server.ts';
import type { Timeline } from '../timeline.ts';
import type { Receiver } from '../wire.ts';
import { blank, changed, isDocument, nameOf, type Document } from './document.ts';
import type { Scenario } from './scenario.ts';
import { Shelf, type Commit } from './shelf.ts';

/** How a write is marked as part of a call, where it doesn't show in what it writes. */
export const callHeader = 'x-call';

/** A server with documents of each user, and some that all share. It knows its users by their tokens. */
export class DocumentServer implements Receiver {
  /** Every change that was made, in order. */
  readonly commits: Commit[] = [];
  /** How many writes came without any precondition, though the server has versions. */
  unconditional = 0;
  /** How many writes came, whatever became of them. */
  writes = 0;
  readonly #scenario: Scenario;
  readonly #timeline: Timeline;
  readonly #shelves = new Map<string, Shelf>();
  readonly #serials = new Map<string, number>();
  #overtakes: number;
  #others = 0;

  constructor(scenario: Scenario, timeline: Timeline) {
    this.#scenario = scenario;
    this.#timeline = timeline;
    this.#overtakes = scenario.server.overtakes;
  }

  get newest(): { readonly number: number } {
    return { number: this.commits.length };
  }

  /** The tokens of now run out. */
  expire(): void {
    for (const user of ['ann', 'ben', 'cy']) this.#serials.set(user, this.serialOf(user) + 1);
  }

  /** Which of a user's tokens is taken. */
  serialOf(user: string): number {
    return this.#serials.get(user) ?? 1;
  }

  /** Somebody writes who has nothing to do with the client, on the state of now. */
  write(name: string): void {
    const shelf = this.#shelf(name);
    const state = shelf.state;
    if (state) this.#commit(shelf, changed(state, `other.${(this.#others += 1)}`), null);
  }

  receive(call: Call, work: number, _lag: number, answer: (reply: Reply) => void): void {
    const user = this.#userOf(call.headers);
    if (user === undefined) {
      answer({ status: 401, headers: {}, body: 'Who are you?' });
      return;
    }
    const path = new URL(call.url).pathname.slice(1);
    if (call.method === 'GET' && path === 'notes/1' && this.#scenario.server.redirects) {
      answer({ status: 302, headers: { location: '/notes/2' } });
      return;
    }
    const shelf = this.#shelf(nameOf(path, user));
    if (call.method === 'GET') answer(this.#show(shelf));
    else if (work === 0) answer(this.#take(call, shelf));
    else this.#timeline.after(work, () => answer(this.#take(call, shelf)), true);
  }

  /** Whether a change was made to a document, whatever has become of it since. */
  has(name: string, id: string): boolean {
    return this.#shelf(name).ids.has(id);
  }

  #userOf(headers: Headers): string | undefined {
    if (this.#scenario.credential === 'x-user') return headers.get('x-user') ?? undefined;
    const [, user = '', serial] = /^Bearer (\w+)-(\d+)$/.exec(headers.get('authorization') ?? '') ?? [];
    return Number(serial) === this.serialOf(user) ? user : undefined;
  }

  #shelf(name: string): Shelf {
    const found = this.#shelves.get(name);
    if (found) return found;
    const shelf = new Shelf(name, this.#scenario.versions);
    if (!name.startsWith('fresh/')) shelf.put(blank(name), this.#timeline.now);
    this.#shelves.set(name, shelf);
    return shelf;
  }

  #take(call: Call, shelf: Shelf): Reply {
    this.writes += 1;
    if (this.#overtakes > 0) {
      this.#overtakes -= 1;
      this.write(shelf.name);
    }
    const { server, versions } = this.#scenario;
    const said = call.body === '' ? undefined : (JSON.parse(call.body) as Document);
    const mark = call.headers.get(callHeader);
    if (call.headers.has('if-none-match')) {
      if (shelf.state) return { status: 412, headers: {}, body: 'It exists already' };
    } else if (!shelf.state) return { status: 404, headers: {}, body: 'There is nothing' };
    else if (versions !== 'none') {
      const matches = shelf.matches(call.headers, said);
      if (matches === undefined) this.unconditional += 1;
      if (matches === undefined && !server.isLenient) return { status: 428, headers: {} };
      if (matches === false) return { status: server.stale, headers: {}, body: 'It has moved on' };
    }
    if (call.method === 'DELETE') {
      this.#commit(shelf, undefined, mark);
      return { status: 204, headers: {} };
    }
    const news = isDocument(said) ? said.items.filter((id) => !shelf.ids.has(id)) : [];
    if (news.some((id) => id.endsWith('!')))
      return { status: server.poisoned, headers: {}, body: 'That is none of ours' };
    this.#commit(shelf, call.method === 'PATCH' ? { ...shelf.state, ...said } : said, mark);
    if (server.answers === 'state') return this.#show(shelf);
    return { status: 204, headers: server.answers === 'tag' ? shelf.tags : {} };
  }

  #show(shelf: Shelf): Reply {
    if (!shelf.state) return { status: 404, headers: {}, body: 'There is nothing' };
    const vary = this.#scenario.credential === 'x-user' ? 'X-User' : 'Authorization';
    const headers = { 'content-type': 'application/json', vary, ...shelf.tags };
    return { status: 200, headers, body: shelf.text };
  }

  #commit(shelf: Shelf, next: unknown, mark: string | null): void {
    const { timeline, before } = { timeline: this.#timeline, before: shelf.state };
    shelf.put(next, timeline.now);
    const [old, now] = [before?.items ?? [], isDocument(next) ? next.items : []];
    this.commits.push({
      name: shelf.name,
      state: next,
      mark,
      moment: timeline.moment(),
      at: timeline.now,
      added: gained(now, old),
      removed: old.filter((id) => !now.includes(id)),
    });
  }
}

/** What a list holds more than another one; an id as often as it is more. */
function gained(now: readonly string[], old: readonly string[]): readonly string[] {
  const left = [...old];
  return now.filter((id) => {
    const at = left.indexOf(id);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
