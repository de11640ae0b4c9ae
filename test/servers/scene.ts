import { deepStrictEqual } from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { RouteOptions } from 'remerge';
import type { Adapter } from './adapter.ts';
import { Client, type Seen } from './client.ts';
import type { Proxy } from './proxy.ts';

/** A fresh document on a running server, somebody who works on it, and somebody who does, too. */
export interface Scene {
  readonly adapter: Adapter;
  readonly id: string;
  readonly proxy: Proxy;
  /** Goes through the proxy, so that each of its requests is written down. */
  readonly me: Client;
  /** Goes there directly. */
  readonly other: Client;
  /** One more client, through the proxy. */
  readonly client: (more?: RouteOptions) => Client;
  /** Makes the document. */
  readonly make: () => Promise<void>;
  /** The edits that the server holds now; `undefined` where the document is gone. */
  readonly held: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** An edit by somebody else, behind my back. */
  readonly intrude: (name: string, value: string) => Promise<void>;
  /** What was asked since this was called last. */
  readonly log: () => readonly string[];
}

/** Sets a scene. */
export function sceneOf(adapter: Adapter, direct: URL, proxy: Proxy, id: string): Scene {
  const other = new Client(adapter, direct, id);
  const client = (more?: RouteOptions): Client => new Client(adapter, proxy.url, id, more);
  /** The document, once its version can be sent. */
  async function settled(): Promise<Seen> {
    for (;;) {
      const seen = await other.read(id);
      if (!adapter.weakAtFirst || !seen.headers.get('etag')?.startsWith('W/')) return seen;
      await wait(100);
    }
  }
  return {
    adapter,
    id,
    proxy,
    me: client(),
    other,
    client,
    async make() {
      const draft = adapter.draft(id);
      const fill = adapter.fill?.(id, draft);
      for (const ask of [adapter.create(id, draft), ...(fill ? [fill] : [])]) {
        const response = await other.send(ask);
        const { ok, status } = response;
        if (!ok) throw new Error(`Making ${id} came to ${status}: ${await response.text()}`);
      }
      await settled();
    },
    async held() {
      const seen = await other.find(id);
      return seen && adapter.edits(seen.state);
    },
    async intrude(name, value) {
      const { recovery } = await other.save(id, await settled(), name, value);
      deepStrictEqual(recovery.outcome, 'applied');
    },
    log: () => proxy.log.splice(0),
  };
}

/** What was seen, as somebody has it who kept a copy of it and nothing else. */
export function copied({ state }: Seen): unknown {
  return structuredClone(state);
}
