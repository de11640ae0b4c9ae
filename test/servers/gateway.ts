import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cacheAsked,
  cached,
  headerDropped,
  headerReplaced,
  ownRefusal,
  rateLimited,
} from './gateway/meddling.ts';
import {
  badGateway,
  gatewayTimeout,
  sentTwice,
  sentTwiceEqual,
  sentTwiceUnstamped,
} from './gateway/outages.ts';
import { aSecondBehind, backToTheOld, behind, farBehind, rereadsPinned, stuck } from './gateway/replicas.ts';
import { from, startSite } from './gateway/site.ts';
import { visit, type Visit } from './gateway/visit.ts';
import { weakExplained, weakSent, weakStripped, weakUndone } from './gateway/weak.ts';
import { writersAtPrimary, writersAtReplica, writersPinned } from './gateway/writers.ts';
import { install } from './install.ts';

/** A promise, as the name of its document, as a sentence, and as what proves it. */
interface Promising {
  readonly name: string;
  readonly promise: string;
  readonly prove: (visit: Visit) => Promise<string>;
}

/** What remerge promises behind a gateway, and what no client can. */
const promises: readonly Promising[] = [
  { name: 'behind', promise: 'reads again where a replica shows the refused version', prove: behind },
  { name: 'second', promise: 'merges behind a replica that is late by a second', prove: aSecondBehind },
  { name: 'far', promise: 'loses nothing where a replica shows an older version', prove: farBehind },
  { name: 'back', promise: 'can not know that what a replica shows is long over', prove: backToTheOld },
  { name: 'stuck', promise: 'stops where a replica never catches up', prove: stuck },
  { name: 'pinned', promise: 'reads again at the primary, if the gateway lets it', prove: rereadsPinned },
  { name: 'writers', promise: 'keeps each update of eight writers', prove: writersAtPrimary },
  {
    name: 'writers-replica',
    promise: 'keeps them where all read from a late replica',
    prove: writersAtReplica,
  },
  { name: 'writers-pinned', promise: 'keeps them where re-reads go to the primary', prove: writersPinned },
  { name: 'weak', promise: 'explains a tag that compression has weakened', prove: weakExplained },
  { name: 'strip', promise: "repairs it with etag({ weak: 'strip' })", prove: weakStripped },
  { name: 'send', promise: "does not loop on it with etag({ weak: 'send' })", prove: weakSent },
  { name: 'undone', promise: 'sends it as it is to a gateway that undoes its own doing', prove: weakUndone },
  { name: 'bad-gateway', promise: 'finds out what became of a write that a 502 hides', prove: badGateway },
  { name: 'timeout', promise: 'finds out what became of a write that a 504 hides', prove: gatewayTimeout },
  { name: 'twice', promise: 'knows its own write in the refusal of a second sending', prove: sentTwice },
  { name: 'twice-equal', promise: 'writes nothing again that is there', prove: sentTwiceEqual },
  {
    name: 'twice-unstamped',
    promise: 'can not know a change that adds up, without an id',
    prove: sentTwiceUnstamped,
  },
  { name: 'dropped', promise: 'stops where the gateway takes If-Match away', prove: headerDropped },
  { name: 'replaced', promise: 'can not protect what the origin is not asked to', prove: headerReplaced },
  { name: 'refusal', promise: 'stops where the gateway itself refuses', prove: ownRefusal },
  { name: 'cached', promise: 'stops where a cache answers the re-read', prove: cached },
  { name: 'cache-asked', promise: 'merges where the cache lets it through', prove: cacheAsked },
  { name: 'limited', promise: 'waits where the gateway says how long', prove: rateLimited },
];

/** What became of the gateway. */
export interface Gated {
  readonly kept: number;
  readonly broken: number;
  /** Why it could not be run. */
  readonly missing?: unknown;
  /** What was seen, as a Markdown table. */
  readonly table: string;
}

/** Puts a gateway in front of the example server and its replica, and tries what remerge promises. */
export async function tryGateway(): Promise<Gated> {
  const folder = await mkdtemp(join(tmpdir(), 'remerge-gateway-'));
  const rows = ['| promise | what was seen |', '| --- | --- |'];
  let [kept, broken] = [0, 0];
  const outcome = (missing?: unknown): Gated => ({
    kept,
    broken,
    table: rows.join('\n'),
    ...(missing !== undefined && { missing }),
  });
  try {
    await install({ from });
    const site = await startSite(folder);
    try {
      for (const { name, promise, prove } of promises) {
        const started = performance.now();
        const found = await prove(visit(site, name)).then(
          (seen) => ({ seen }),
          (error: unknown) => ({ error }),
        );
        const time = `${(performance.now() - started).toFixed(0)} ms`.padStart(8);
        if ('seen' in found) {
          kept += 1;
          console.log(`${time}  ✓ ${promise} (${found.seen})`);
        } else {
          broken += 1;
          console.log(`${time}  ✗ ${promise}\n`, found.error);
        }
        rows.push(`| ${promise} | ${'seen' in found ? found.seen : 'BROKEN'} |`);
      }
    } finally {
      await site.stop();
    }
    return outcome();
  } catch (missing) {
    return outcome(missing);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
