import { isTooDeep } from '../core/depth.ts';
import type { VerdictKind } from '../core/verdict.ts';
import { readVersion } from '../core/version-rule.ts';
import type { Route } from '../route.ts';
import { decode, discard, readCapped } from '../shell/body.ts';
import { contentOf, jsonFor, kindFor, type Representation } from '../shell/representation.ts';
import { within, type Call } from './call.ts';

/** The body of an answer: parsed JSON where it says so, else text. The response stays readable for the caller. */
export async function bodyOf(call: Call, response: Response): Promise<unknown> {
  const text = await refusalText(call, response);
  try {
    const type = response.headers.get('content-type');
    if (text !== undefined && !isTooDeep(text) && kindFor(call.route, type) === 'json')
      return jsonFor(call.route, type).parseJson(text);
  } catch {
    // A body that is called JSON and isn't one counts as text.
  }
  return text;
}

/** The verdict of a route's server, taken apart. */
interface Opinion {
  readonly verdict: VerdictKind;
  /** The body that the verdict is about. */
  readonly answer: unknown;
  /** The state that the answer holds. */
  readonly state?: unknown;
  /** The header that the next send takes over. */
  readonly header: string;
}

/**
 * The server's own verdict on an answer (`classify`), and the body that it was given. The answer stays readable.
 *
 * @param looks Whether the body is wanted even if the server has no `classify`.
 */
export async function opinionOn(call: Call, response: Response, looks: boolean): Promise<Opinion> {
  const { conflictStatuses, classify } = call.route;
  const judge = conflictStatuses.includes(response.status) ? classify : undefined;
  const answer = (judge ?? looks) ? await bodyOf(call, response) : undefined;
  const verdict = judge?.(response, answer);
  if (typeof verdict !== 'object') return { verdict, answer, header: '' };
  return { header: '', ...verdict, verdict: verdict.kind, answer };
}

/** The body of a refusal as text; `undefined` where it is too long, too slow, or none. */
export async function refusalText(call: Call, response: Response): Promise<string | undefined> {
  try {
    const bytes = await copied(call, response);
    return bytes && decode(bytes);
  } catch {
    return undefined;
  }
}

/** Waits for the body of a refusal that ky reads right after, and cancels one that stalls. */
export async function awaitRefusal(call: Call, response: Response): Promise<void> {
  call.deadline.start();
  await copied(call, response).catch(() => discard(response));
}

function copied(call: Call, response: Response): ReturnType<typeof readCapped> {
  return within(call, (signal) => readCapped(response.clone(), call.route.maxBytes, signal));
}

/** The state that a route found in a refusal, as a representation; `undefined` where there is none with a version. */
export function carriedIn(route: Route, response: Response, value: unknown): Representation | undefined {
  if (value === undefined) return undefined;
  const version = readVersion(route.version, response.headers, value);
  if ('problem' in version) return undefined;
  try {
    const content = contentOf('json', value, route);
    if (typeof content === 'string' && !isTooDeep(content))
      return { kind: 'json', content, version, response };
  } catch {
    // A value that JSON can't express is no state; the read gives one.
  }
  return undefined;
}
