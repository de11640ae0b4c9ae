import type { Version } from '../core/version.ts';
import type { Content } from '../shell/representation.ts';

/** What a resource holds after a write, and the version that names it, where the write itself knows. */
export interface Written {
  readonly content: Content;
  /** Its content type. */
  readonly type: string;
  readonly version: Version | undefined;
}

const filed = new WeakMap<Response, Written>();

/** Files what a write left behind under the response that its caller gets. */
export function fileWritten(response: Response, written: Written): Response {
  filed.set(response, written);
  return response;
}

/** What the write behind a response left behind. */
export function writtenBy(response: Response): Written | undefined {
  return filed.get(response);
}
