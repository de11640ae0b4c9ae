import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stage, type Answer, type Arrived, type Script } from './stage.ts';

/**
 * Two origins on 127.0.0.1 that play a script for each call and each side: the first two segments of a path say which.
 * The sides' names are of one length, so that nothing else of their requests differs.
 */
export class Origins {
  readonly #servers: readonly Server[];
  readonly #stages = new Map<string, Stage>();
  /** Ports of 127.0.0.1: one for each origin, and one where nobody listens. */
  readonly #ports: readonly number[];

  private constructor(servers: readonly Server[], ports: readonly number[]) {
    this.#servers = servers;
    this.#ports = ports;
    for (const [origin, server] of servers.entries())
      server.on('request', (request, response) => void this.#play(origin, request, response));
  }

  static async open(): Promise<Origins> {
    const servers = [createServer(), createServer(), createServer()];
    const ports = [];
    for (const server of servers) {
      // A connection that ends while it is idle would be a fault that no script has asked for.
      server.keepAliveTimeout = 0;
      server.requestTimeout = 0;
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      ports.push((server.address() as AddressInfo).port);
    }
    const refusing = servers.pop();
    refusing?.close();
    return new Origins(servers, ports);
  }

  /** The address of a side's call at an origin; at the third one, nobody answers. */
  at(side: string, call: string, origin = 0): string {
    return `http://127.0.0.1:${this.#ports[origin] ?? 0}/${side}/${call}/`;
  }

  stage(side: string, call: string, script: Script): Stage {
    const stage = new Stage(script);
    this.#stages.set(`${side}/${call}`, stage);
    return stage;
  }

  clear(side: string, call: string): void {
    const key = `${side}/${call}`;
    this.#stages.get(key)?.clear();
    this.#stages.delete(key);
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => once(server, 'close'));
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all(closed);
  }

  async #play(origin: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, side = '', call = '', ...path] = (request.url ?? '').split('/');
    const stage = this.#stages.get(`${side}/${call}`);
    // It comes after all is over.
    if (!stage) return void response.destroy();
    const { method = '' } = request;
    const isWhole = false;
    const answer = undefined;
    const headers = pairs(request.rawHeaders);
    const body = Buffer.alloc(0);
    const arrived: Arrived = { method, origin, path: path.join('/'), headers, body, isWhole, answer };
    const before = [...stage.arrived];
    stage.arrived.push(arrived);
    response.on('close', () => stage.closed(response));
    const received = receive(request, arrived, stage.script.onPart);
    stage.receiving(received, response);
    await received;
    if (!arrived.isWhole) return;
    arrived.answer = stage.script.answer(arrived, before);
    give(response, arrived.answer);
    stage.script.onWhole?.();
  }
}

function receive(
  request: IncomingMessage,
  arrived: Arrived,
  onPart: (() => void) | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  request.on('data', (part: Buffer) => {
    arrived.body = Buffer.concat([arrived.body, part]);
    onPart?.();
  });
  request.on('end', () => (arrived.isWhole = true));
  request.on('error', () => undefined);
  request.on('close', () => resolve(undefined));
  request.on('end', () => resolve(undefined));
  return promise;
}

function give(response: ServerResponse, { status, headers, body, way }: Answer): void {
  if (way === 'held') return;
  if (way === 'reset') return void response.destroy();
  response.sendDate = false;
  const length = response.req.method === 'HEAD' || status === 204 || status === 304 ? [] : [body.length];
  response.writeHead(status, [
    ...headers.flat(),
    // Even an answer that has come as a whole may leave a connection that is about to break.
    ...(way === 'whole' ? [] : ['connection', 'close']),
    ...length.flatMap((bytes) => ['content-length', String(bytes)]),
  ]);
  if (way === 'whole') return void response.end(body);
  response.flushHeaders();
  if (way === 'stuck' || way === 'broken off') response.write(body.subarray(0, body.length >> 1));
  // What was written has to have left.
  if (way !== 'stuck') setImmediate(() => response.destroy());
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  const names = raw.filter((_, index) => index % 2 === 0);
  return names.map((name, index) => [name.toLowerCase(), raw[2 * index + 1] ?? '']);
}
