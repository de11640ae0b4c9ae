import { isTooDeep } from '../core/depth.ts';
import { mediaKind } from '../core/media.ts';
import { readVersion } from '../core/version-rule.ts';
import { decode, discard, readCapped } from '../shell/body.ts';
import { contentOf, type Representation } from '../shell/representation.ts';
import { within, type Run } from './run.ts';

/** The body of a refusal: parsed JSON where it says so, else text. The response stays readable for the caller. */
export async function refusalBody(run: Run, response: Response): Promise<unknown> {
  const text = await refusalText(run, response);
  try {
    if (text !== undefined && !isTooDeep(text) && mediaKind(response.headers.get('content-type')) === 'json')
      return run.route.parseJson(text);
  } catch {
    // What says it is JSON and isn't is text.
  }
  return text;
}

/** The body of a refusal as text; `undefined` where it is too long, too slow, or none. */
export async function refusalText(run: Run, response: Response): Promise<string | undefined> {
  try {
    const bytes = await copied(run, response);
    return bytes && decode(bytes);
  } catch {
    return undefined;
  }
}

/** Waits for the body of a refusal that somebody reads right after, and lets go of one that stalls. */
export async function awaitRefusal(run: Run, response: Response): Promise<void> {
  run.deadline.arm();
  await copied(run, response).catch(() => discard(response));
}

function copied(run: Run, response: Response): ReturnType<typeof readCapped> {
  return within(run, (signal) => readCapped(response.clone(), run.route.maxBytes, signal));
}

/** The state that a route found in a refusal, as a representation; `undefined` where there is none with a version. */
export function carriedIn({ route }: Run, response: Response, value: unknown): Representation | undefined {
  if (value === undefined) return undefined;
  const version = readVersion(route.version, response.headers, value);
  if ('problem' in version) return undefined;
  try {
    const content = contentOf('json', value, route);
    if (typeof content === 'string' && !isTooDeep(content))
      return { kind: 'json', content, version, response };
  } catch {
    // What JSON can't say is no state. The re-read shows what is one.
  }
  return undefined;
}
