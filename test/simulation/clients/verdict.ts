import { judge as judgeWrite, type Written } from '../history.ts';
import { isDocument } from './document.ts';
import { isOdd, type Entry, type Flaw, type Ledger } from './ledger.ts';
import { isCalm, wayOf, type Scenario } from './scenario.ts';
import type { DocumentServer } from './server.ts';
import type { Commit } from './shelf.ts';
import { isExact } from './versions.ts';

/** All that is known of a schedule that is over. */
export interface Past {
  readonly scenario: Scenario;
  readonly server: DocumentServer;
  readonly ledger: Ledger;
  readonly requests: number;
  readonly ends: readonly { readonly url: string; readonly isMade: boolean }[];
  readonly origin: string;
}

/** Milliseconds that a promise may take beyond its time: for headers that are made, and an answer in that very moment. */
const slack = 200;

/** What is wrong with a schedule that is over. */
export function judge(past: Past): readonly Flaw[] {
  const { scenario, server, ledger } = past;
  const flaws = [...judgeCommits(past), ...ledger.entries.flatMap((entry) => judgeEntry(entry, past))];
  if (server.unconditional > 0)
    flaws.push({ kind: 'unconditional write', what: `${server.unconditional} times` });
  // What is broken already says nothing of what else comes of it.
  if (ledger.flaws.length + flaws.length === 0)
    flaws.push(...ledger.entries.flatMap((entry) => judgeEase(entry, past)));
  flaws.push(...judgeCost(past), ...judgeEnds(past));
  if (scenario.refresh === 'never') return flaws;
  return flaws.map(({ kind, what }) => ({ kind: `${kind}, resent by ${scenario.refresh}`, what }));
}

function judgeEntry(entry: Entry, past: Past): readonly Flaw[] {
  const { server, scenario } = past;
  const { id, call, kind, outcome, said, began, ended } = entry;
  if (outcome === undefined) return [{ kind: 'never ends', what: id }];
  const made = server.commits.filter((commit) => makes(commit, entry));
  const times = timesOf(entry, made, scenario);
  const flaws: Flaw[] = [];
  const isNone = outcome === 'ok' && (call.manner === 'nothing' || call.verb === 'remove');
  const by = call.abort?.by === 'shared' ? ' by a shared signal' : '';
  const whose = kind === 'call' ? '' : `${kind}: `;
  if (!isNone || times > 0)
    for (const { kind, what } of judgeWrite(asWritten(entry), times))
      flaws.push({
        kind:
          kind === 'false failure'
            ? `${whose}told ${said}${said === 'abort' ? by : ''}, and made`
            : `${whose}${kind}`,
        what: `${what}: ${said}`,
      });
  const [first] = made;
  if (kind === 'answer' && first && !(isDocument(first.state) && first.state.value === id))
    flaws.push({
      kind: 'answer: changed',
      what: `${id} is ${JSON.stringify(made.map(({ state }) => state))}`,
    });
  if (isOdd(call) && kind === 'call' && outcome === 'ok' && times === 0)
    flaws.push({ kind: 'no document', what: `${id} returned ${call.manner}, and was told ${said}` });
  // Where a hook sends a request again by itself, there are two calls, one within the other.
  const flows = scenario.refresh === 'never' ? 1 : 3;
  if (ended - began > scenario.totalTimeout * flows + slack)
    flaws.push({ kind: `${whose}late`, what: `${id} took ${ended - began} ms` });
  return flaws;
}

/** Nobody is held up by another's recipe, nor fails for another's change. */
function judgeEase(entry: Entry, { scenario, ledger }: Past): readonly Flaw[] {
  const { id, call, kind, outcome, said } = entry;
  const isStuck = said === 'timeout' && Object.keys(scenario.rates).length === 0;
  if (isStuck && (kind === 'nested' || call.manner === 'nests'))
    return [{ kind: 'waits for itself', what: id }];
  if (outcome === 'ok' || !isWell(entry, scenario)) return [];
  const isHeld =
    said === 'timeout' &&
    ledger.entries.some(({ call }) => call.manner === 'hangs' || call.manner === 'nests');
  return [{ kind: isHeld ? 'held up' : `fails though all is well: ${said}`, what: id }];
}

/** Whether a call has to succeed: nothing stands in its way, whatever becomes of others. */
function isWell({ call, kind }: Entry, scenario: Scenario): boolean {
  if (kind !== 'call' || call.isPoison || call.abort || call.path.startsWith('fresh/')) return false;
  return (
    isCalm(scenario) &&
    (call.verb !== 'update' || ['appends', 'returns', 'waits', 'nothing'].includes(call.manner))
  );
}

/** How often a call was made. */
function timesOf({ id, call, kind, outcome }: Entry, made: readonly Commit[], scenario: Scenario): number {
  // What was created and deleted again, or the other way round, has no trace of that: its lost answer can't be told from none.
  const isTraceless =
    call.verb === 'create' || (call.verb === 'remove' && scenario.onStaleDelete === 'delete');
  if (isTraceless && outcome === 'ok' && kind === 'call') return Math.min(1, made.length);
  if (call.verb === 'remove' && kind === 'call') return made.length;
  const times = (ids: readonly string[]): number => ids.filter((one) => one === id).length;
  if (isExact(scenario)) return made.reduce((sum, { added }) => sum + times(added), 0);
  // Without versions a writer brings back what another one has written over, if it was there when that one read.
  return Math.max(0, ...made.map(({ state }) => (isDocument(state) ? times(state.items) : 0)));
}

function makes({ added, mark, state }: Commit, { id, call, kind }: Entry): boolean {
  return call.verb === 'remove' && kind === 'call' ? state === undefined && mark === id : added.includes(id);
}

function asWritten({ id, outcome = 'unknown', start }: Entry): Written {
  return { id, outcome, start, end: Infinity, isIdempotent: false };
}

/** Each state is a document, of whom it was, with all that was in it. */
function judgeCommits({ server, scenario, ledger }: Past): readonly Flaw[] {
  const flaws: Flaw[] = [];
  for (const { name, state, removed, added } of server.commits) {
    if (state === undefined) continue;
    if (!isDocument(state)) flaws.push({ kind: 'no document', what: `${name} is ${JSON.stringify(state)}` });
    else if (state.name !== name)
      flaws.push({ kind: `in another document: ${wayOf(scenario, name)}`, what: `${name} is ${state.name}` });
    else if (state.count !== state.items.length) flaws.push({ kind: 'torn', what: JSON.stringify(state) });
    else {
      // Without versions nobody can know what happens between a read and its write; but each begins with one.
      // What a person answers was made of what that person was shown, however long ago.
      const isAnswer = added.some((id) => ledger.find(id)?.kind === 'answer');
      const began = Math.min(...added.map((id) => ledger.find(id)?.began ?? Infinity)) - slack;
      const isKnown = (id: string): boolean =>
        server.commits.some((one) => one.added.includes(id) && one.at < began);
      const lost = isExact(scenario) ? removed : removed.filter((id) => !isAnswer && isKnown(id));
      if (lost.length > 0)
        flaws.push({ kind: `written over: ${scenario.versions}`, what: `${lost.join()} by ${added.join()}` });
    }
  }
  return flaws;
}

/** What a burst of updates may cost: each is sent about once, and the retries of one write; around each send are some reads. */
function judgeCost({ scenario, requests, server, ledger }: Past): readonly Flaw[] {
  if (!scenario.isCrowd) return [];
  const { overtakes, stale, poisoned } = scenario.server;
  const isPoisoned = ledger.entries.some(({ call }) => call.isPoison);
  const most = ledger.entries.length + scenario.limit + 2;
  if (server.writes <= most && requests <= 4 * most) return [];
  const why = [isPoisoned && `poisoned ${poisoned}`, overtakes > 0 && `overtaken ${stale}`]
    .filter(Boolean)
    .join(', ');
  const what = `${server.writes} writes and ${requests} requests for ${ledger.entries.length}, limit ${scenario.limit}`;
  return [{ kind: `too many requests: ${why}`, what }];
}

/** Each promise ends in one event. */
function judgeEnds({ scenario, ledger, ends, origin }: Past): readonly Flaw[] {
  // A hook that calls the client makes promises of its own.
  if (scenario.refresh !== 'never') return [];
  const flaws: Flaw[] = [];
  for (const path of new Set(ledger.entries.map(({ call }) => call.path))) {
    const told = ledger.entries.filter(({ call, outcome }) => call.path === path && outcome !== undefined);
    const heard = ends.filter(({ url }) => url === origin + path);
    // A write that can't even be begun is none that ends.
    const least =
      told.length - told.filter(({ call, isUnbegun }) => call.verb !== 'update' && isUnbegun).length;
    const [few, many] = [heard.length < least, heard.length > told.length];
    if (few || many)
      flaws.push({
        kind: `end events: too ${few ? 'few' : 'many'}`,
        what: `${heard.length} for ${told.length}`,
      });
    const made = [
      heard.filter(({ isMade }) => isMade).length,
      told.filter(({ outcome }) => outcome === 'ok').length,
    ];
    if (!few && !many && made[0] !== made[1])
      flaws.push({ kind: 'end events: untrue', what: made.join(' for ') });
  }
  return flaws;
}
