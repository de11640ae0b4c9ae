import { attach, attachedTo } from './attached.ts';
import type { Content } from './representation.ts';

/** Gets what the caller read, and the response that it was read from. */
export interface BodyWatcher {
  readonly onBody: (content: Content, response: Response) => void;
  readonly onJson: (value: unknown, response: Response) => void;
}

/**
 * Notices the body of a response when the caller reads it, and leaves everything else as it was: the response is the
 * same object and shows no member of ours, its stream is untouched, and a body that isn't read costs nothing. A body
 * that is read as a stream goes unnoticed, and so does the body of an object that only looks like a response.
 */
export function watchBody(response: Response, watcher: BodyWatcher): Response {
  if (putBefore(response)) attach(response).watcher = watcher;
  return response;
}

/** Makes the copies of a response, and the copies of those, take over the data that is attached to it. */
export function followCopies(response: Response): void {
  putBefore(response);
}

/**
 * Our prototype for each prototype of the runtime, or of a fetch of the caller's own; `undefined` for one that only
 * looks like a response.
 */
const before = new WeakMap<object, object | undefined>();
let last: { readonly theirs: object; readonly ours: object | undefined } | undefined;

/**
 * Puts our methods before those of a response: on a prototype in between, as members of the response itself cost six
 * times as much. A response that can't be changed stays as it is.
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
  const own = {
    // Returns the runtime's own promise, as another promise in between would settle later.
    text(this: Response): Promise<string> {
      return noticed(this, theirs.text.call(this), (text) => text);
    },
    json(this: Response): Promise<unknown> {
      const watcher = watcherOf(this);
      if (!watcher) return theirs.json.call(this);
      return own.text.call(this).then((text) => {
        const value: unknown = JSON.parse(text);
        watcher.onJson(value, this);
        return value;
      });
    },
    bytes(this: Response): Promise<Uint8Array<ArrayBuffer>> {
      const { bytes } = theirs as { readonly bytes?: Response['bytes'] };
      if (!bytes) return own.arrayBuffer.call(this).then((buffer) => new Uint8Array(buffer));
      return noticed(this, bytes.call(this), (all) => all.slice());
    },
    arrayBuffer(this: Response): Promise<ArrayBuffer> {
      return noticed(this, theirs.arrayBuffer.call(this), (buffer) => new Uint8Array(buffer.slice(0)));
    },
    blob(this: Response): Promise<Blob> {
      return noticed(this, theirs.blob.call(this), async (blob) => new Uint8Array(await blob.arrayBuffer()));
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

function watcherOf(response: Response): BodyWatcher | undefined {
  return attachedTo(response)?.watcher as BodyWatcher | undefined;
}

/** Returns what is read, and passes it to the watcher before other code can change it. */
function noticed<Read>(
  response: Response,
  reading: Promise<Read>,
  contentOf: (read: Read) => Content | Promise<Content>,
): Promise<Read> {
  const watcher = watcherOf(response);
  const tell = (content: Content): void => watcher?.onBody(content, response);
  const notice = (read: Read): unknown => {
    const content = contentOf(read);
    // Content that is there at once is passed on at once.
    if (content instanceof Promise) return content.then(tell);
    tell(content);
    return undefined;
  };
  // A failed read concerns the reader, and content that can't be noted is no base.
  if (watcher) reading.then(notice).catch(() => undefined);
  return reading;
}
