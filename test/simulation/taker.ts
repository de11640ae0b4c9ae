import { documentOf, type Document } from './document.ts';
import type { Call, Reply } from './model-server.ts';
import type { World } from './party.ts';
import type { Taker } from './scenario.ts';

/**
 * Somebody who takes back what others have just written, without remerge: looks at the newest state, and writes it without
 * its last item, under its version.
 */
export async function takeBack(how: Taker, { timeline, chance, network, server }: World): Promise<void> {
  const times = chance.between(1, 4);
  for (let time = 0; time < times; time += 1) {
    await new Promise((resolve) => timeline.after(chance.between(0, 400), () => resolve(undefined)));
    const { status, headers, body } = await network.ask(server);
    // Who undoes a write has seen what was there before it.
    const before = server.states.findLast(({ text }) => text !== body);
    const call = taking(how, [before?.text, status === 200 ? body : undefined], headers.etag, `taken${time}`);
    if (call) await new Promise<Reply>((resolve) => server.receive(call, 0, 0, resolve));
  }
}

/** The request that takes back the last item of a state, in its version; `undefined` where there is none. */
export function taking(
  how: Taker,
  [last, text]: readonly [before: string | undefined, now: string | undefined],
  tag: string | undefined,
  id: string,
): Call | undefined {
  const [before, seen] = [documentOf(last), documentOf(text)];
  if (seen.items.length === 0) return undefined;
  // To undo what somebody else has undone would be to write it again.
  if (how === 'undoes' && before.items.length >= seen.items.length) return undefined;
  const { version } = seen;
  const undone = { ...before, ...(version !== undefined && { version }) };
  const next = how === 'undoes' ? undone : { ...withLog(how, seen, id), items: seen.items.slice(0, -1) };
  const headers = new Headers(tag === undefined ? {} : { 'if-match': tag });
  return { method: 'PUT', url: '', headers, body: JSON.stringify(next) };
}

/** What becomes of the log of writes: others keep it, know nothing of it, or leave it as it was. */
function withLog(how: Taker, document: Document, id: string): object {
  const { lastWrites, ...state } = document as Document & { readonly lastWrites?: readonly string[] };
  if (how === 'drops' || lastWrites === undefined) return state;
  return { ...state, lastWrites: how === 'stamps' ? [...lastWrites, id] : lastWrites };
}
