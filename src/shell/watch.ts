import { attach, attachedTo } from './attached.ts';
import type { Content } from './representation.ts';

/** Is told what was read of which response. */
export interface BodyWatcher {
  readonly onBody: (content: Content, response: Response) => void;
  readonly onJson: (value: unknown, response: Response) => void;
}

/**
 * Notices the body of a response when the caller reads it, and leaves everything else as it was: the response is the
 * same object and shows no member of ours, its stream is untouched, and a body that nobody reads costs nothing. A body
 * that is read as a stream goes unnoticed, and so does that of an object which only looks like a response.
 */
export function watchBody(response: Response, watcher: BodyWatcher): Response {
  if (putBefore(response)) attach(response).watcher = watcher;
  return response;
}

/** Has the copies of a response, and the copies of those, take over what is known of it. */
export function followCopies(response: Response): void {
  putBefore(response);
}

/** Our prototype for each of the runtime's, or of a fetch of the user's own; `undefined` for what only looks like one. */
const before = new WeakMap<object, object | undefined>();
let last: { readonly theirs: object; readonly ours: object | undefined } | undefined;

/**
 * Puts our methods before those of a response: on a prototype in between, as members of its own cost six times as much.
 * One that can't be changed stays as it is.
 */
function putBefore(response: Response): boolean {
  const theirs = Object.getPrototypeOf(response) as Response | null;
  if (!theirs) return false;
  if (last?.theirs !== theirs) {
    if (!before.has(theirs)) before.set(theirs, methodsBefore(theirs));
    last = { theirs, ours: before.get(theirs) };
  }
  const { ours } = last;
  return ours !== undefined && (ours === theirs || Reflect.setPrototypeOf(response, ours));
}

const needed = ['headers', 'text', 'json', 'arrayBuffer', 'clone'];

function methodsBefore(theirs: Response): object | undefined {
  if (!needed.every((name) => name in theirs)) return undefined;
  const watcherOf = (response: Response): BodyWatcher | undefined =>
    attachedTo(response)?.watcher as BodyWatcher | undefined;
  const own = {
    async text(this: Response): Promise<string> {
      const content = await theirs.text.call(this);
      watcherOf(this)?.onBody(content, this);
      return content;
    },
    async json(this: Response): Promise<unknown> {
      const watcher = watcherOf(this);
      if (!watcher) return theirs.json.call(this);
      const value: unknown = JSON.parse(await own.text.call(this));
      watcher.onJson(value, this);
      return value;
    },
    async bytes(this: Response): Promise<Uint8Array<ArrayBuffer>> {
      return new Uint8Array(await own.arrayBuffer.call(this));
    },
    async arrayBuffer(this: Response): Promise<ArrayBuffer> {
      const bytes = await theirs.arrayBuffer.call(this);
      watcherOf(this)?.onBody(new Uint8Array(bytes.slice(0)), this);
      return bytes;
    },
    // The runtime writes the type of a blob in its own way.
    async blob(this: Response): Promise<Blob> {
      if (!watcherOf(this)) return theirs.blob.call(this);
      return new Response(await own.arrayBuffer.call(this), { headers: this.headers }).blob();
    },
    clone(this: Response): Response {
      const copy = theirs.clone.call(this);
      putBefore(copy);
      Object.assign(attach(copy), attachedTo(this));
      return copy;
    },
  };
  const members = Object.entries(own).map(([name, value]) => [
    name,
    { value, configurable: true, writable: true },
  ]);
  const made = Object.create(theirs, Object.fromEntries(members) as PropertyDescriptorMap) as object;
  before.set(made, made);
  return made;
}
