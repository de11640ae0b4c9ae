import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { later, type Deed } from './fault.ts';
import { refusal, Resource, type Answer, type Arrived, type Doc } from './resource.ts';
import { Traffic } from './traffic.ts';
import type { Logged, Script, Venue } from './venue.ts';

/** A server with faults by the script, and another one that nobody has any business with. Each resource has its own. */
export class FaultServer {
  readonly traffic = new Traffic();
  /** How many requests got no answer and are still open. */
  hanging = 0;
  readonly #venues = new Map<string, { readonly venue: Venue; readonly script: Script }>();
  readonly #near = createServer((request, response) => void this.#serve(request, response));
  readonly #far = createServer((request, response) => this.#stray('other origin', request, response));

  async start(): Promise<void> {
    this.traffic.start();
    for (const server of [this.#near, this.#far]) await once(server.listen(0, '127.0.0.1'), 'listening');
  }

  /** Resolves when every connection is closed. One that a request still holds never is. */
  async stop(): Promise<void> {
    for (const server of [this.#near, this.#far]) {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    }
    this.traffic.stop();
  }

  open(doc: Doc | undefined, script: Script): Venue {
    const id = this.#venues.size + 1;
    const at = `/cases/${String(id)}`;
    const venue = {
      origin: originOf(this.#near),
      id,
      path: `${at}/note`,
      collection: `${at}/notes`,
      resource: new Resource(doc),
      log: [],
      patience: new AbortController(),
      strays: [],
    };
    this.#venues.set(at, { venue, script });
    return venue;
  }

  #find({ url = '' }: IncomingMessage): { readonly venue: Venue; readonly script: Script } {
    const found = this.#venues.get(url.split('/', 3).join('/'));
    if (!found) throw new Error(`Nobody serves ${url}.`);
    return found;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = await arrivedIn(request);
    if (request.url?.endsWith('/elsewhere')) {
      this.#stray('same origin', request, response);
      return;
    }
    const { venue, script } = this.#find(request);
    const { resource, log } = venue;
    const on = request.method === 'GET' ? 'read' : 'write';
    const nth = log.filter(({ method }) => (method === 'GET') === (on === 'read')).length + 1;
    const mishap = script.mishaps.find(
      (one) => one.on === on && (one.isLasting ? one.nth <= nth : one.nth === nth),
    );
    const isLate = script.mishaps.some(({ fault }) => fault.isLate && nth === 2);
    if (on === 'write') {
      if (nth === 1 && script.isOvertaken) resource.change();
      if (isLate) for (const one of log) if (one.method !== 'GET') serve(resource, one);
    }
    const deed = mishap?.fault.deed;
    const asksToWait = deed?.kind === 'say' && deed.headers === later;
    const logged = { ...arrived, changed: false, asksToWait };
    log.push(logged);
    let answer = refusal(500, 'It was not served.');
    if (on === 'read') answer = resource.read(deed?.kind === 'replica');
    else if (!mishap || mishap.fault.applied) answer = serve(resource, logged);
    if (deed?.kind === 'echo') answer = resource.write(arrived);
    if (mishap?.then === 'another writer') resource.change();
    if (mishap?.then === 'a deletion') resource.remove();
    if (deed) this.#misbehave(deed, answer, request, response, venue);
    else respond(response, answer);
  }

  #misbehave(
    deed: Deed,
    answer: Answer,
    request: IncomingMessage,
    response: ServerResponse,
    { patience }: Venue,
  ): void {
    const { headers } = answer;
    switch (deed.kind) {
      case 'drop':
        request.socket.destroy();
        break;
      case 'replica':
      case 'echo':
        respond(response, answer);
        break;
      case 'hang':
      case 'abort':
        this.hanging += 1;
        response.on('close', () => (this.hanging -= 1));
        if (deed.kind === 'hang') this.traffic.hang(request.url ?? '');
        else patience.abort(new Error('The caller has lost patience.'));
        break;
      case 'cut':
        response.writeHead(answer.status, { ...headers, 'content-length': answer.body.length + 10 });
        response.write(answer.body, () => request.socket.destroy());
        break;
      case 'garble':
        respond(response, { ...answer, headers: { ...headers, 'content-type': deed.type }, body: deed.body });
        break;
      case 'say':
        respond(response, { status: deed.status, headers: deed.headers ?? {}, body: deed.body ?? '' });
        break;
      case 'redirect': {
        const origin = originOf(deed.to === 'same origin' ? this.#near : this.#far);
        const location = `${origin}${request.url ?? ''}/elsewhere`;
        respond(response, { status: deed.status, headers: { location }, body: '' });
        break;
      }
      case 'tag': {
        const { etag, ...others } = headers;
        const tag = etag === undefined ? undefined : deed.tag(etag);
        respond(response, { ...answer, headers: tag === undefined ? others : { ...others, etag: tag } });
      }
    }
  }

  /** Answers who came by a redirect like a server that compares versions, too. */
  #stray(to: 'same origin' | 'other origin', request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { method = '', headers } = request;
    const secrets = ['authorization', 'x-api-key', 'x-csrf-token', 'idempotency-key'];
    const carried = secrets.filter((name) => headers[name] !== undefined);
    this.#find(request).venue.strays.push({ to, request: [method, ...carried].join(' ') });
    respond(response, refusal(412, 'It has moved on.'));
  }
}

function serve(resource: Resource, write: Logged): Answer {
  const before = resource.doc;
  const answer = resource.write(write);
  write.changed ||= resource.doc !== before;
  return answer;
}

async function arrivedIn(request: IncomingMessage): Promise<Arrived> {
  const { method = '', url, headers } = request;
  return {
    isNew: url?.endsWith('/notes') === true,
    method,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    key: headers['idempotency-key'] as string | undefined,
    authorization: headers.authorization,
    lastWrite: headers['x-last-write'] as string | undefined,
    body: await text(request),
  };
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(status === 204 || status === 304 ? undefined : body);
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
