import { createContext, runInContext } from 'node:vm';

/** What a page gives to its scripts, of all that this package could ask for. No `process`, no `location`, no `fetch`. */
const given = {
  AbortController,
  AbortSignal,
  Blob,
  DOMException,
  Headers,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  TransformStream,
  URL,
  clearTimeout,
  crypto,
  performance,
  setTimeout,
};

/** A page that ran a script: its globals, among them the script's own `page`. */
export interface Page<Exports> {
  readonly page: Exports;
  /** Evaluates an expression in the page. */
  readonly look: (expression: string) => unknown;
}

/** Runs a script in a page of its own. */
export function openPage<Exports>(script: string, globals: object = {}): Page<Exports> {
  const context = createContext({ ...given, ...globals });
  runInContext(script, context);
  const look = (expression: string): unknown => runInContext(expression, context);
  return { page: look('page') as Exports, look };
}
