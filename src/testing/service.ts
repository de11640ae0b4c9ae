import { isRecord } from '../core/record.ts';
import { formatVersion, sameVersion, type Version } from '../core/version.ts';
import { applyJsonPatch } from '../merge/json-patch.ts';
import { applyMergePatch } from '../merge/merge-patch.ts';
import type { Arrived } from './arrived.ts';
import { Operations } from './operations.ts';
import type { Made, Refusal } from './shape.ts';
import type { Store, Stored } from './store.ts';
import { json } from './shapes/answers.ts';
import type { Wire } from './wire.ts';

/** The answer to a request, and the version that it shows or that the request names. */
export interface Served {
  readonly response: Response;
  readonly version: string;
}

/** The settings of a service. */
export interface ServiceOptions {
  readonly store: Store;
  readonly wire: Wire;
  /** The path before the names of the resources, with a slash at each end. */
  readonly root: string;
  /** Whether a POST to a resource that exists writes it. */
  readonly writesByPost: boolean;
  /** How many looks at an operation find it under way; `undefined` where writes are made at once. */
  readonly looks: number | undefined;
}

/** A change that a write asks for, or an answer that says why it can't be made. */
type Change = { readonly value: unknown } | { readonly response: Response };

/** Serves requests by HTTP's rules for conditional requests (RFC 9110 §13). The comparison and the change are one step. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #operations: Operations;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#operations = new Operations(options.root, options.looks);
  }

  /** @param isLagging Whether a read shows the state before the last change. */
  serve(arrived: Arrived, isLagging: boolean): Served {
    const operation = this.#operations.look(arrived.path);
    if (operation) return { response: operation, version: '' };
    const { method } = arrived;
    if (method === 'GET' || method === 'HEAD') return this.#read(arrived, isLagging);
    if (!['PUT', 'PATCH', 'POST', 'DELETE'].includes(method))
      return { response: new Response(null, { status: 405 }), version: '' };
    if (method !== 'DELETE' && arrived.body === undefined)
      return { response: json(400, { title: 'The body is no JSON' }), version: '' };
    return { response: this.#write(arrived), version: this.named(arrived) };
  }

  /** The version that a write names, for people. */
  named(arrived: Arrived): string {
    const named = this.#options.wire.carried(arrived);
    if (named && named !== 'disagree') return formatVersion(named);
    const { headers, method } = arrived;
    return method === 'GET' ? '' : (headers.get('if-match') ?? headers.get('if-none-match') ?? '');
  }

  #read({ method, path, headers }: Arrived, isLagging: boolean): Served {
    const { store, wire } = this.#options;
    const at = wire.resource(path);
    const stored = (isLagging ? store.lagging(at) : undefined) ?? store.get(at);
    if (!stored) return { response: wire.refused('missing'), version: '' };
    const shown = wire.headers(stored);
    const version = formatVersion(wire.version(stored));
    const known = headers.get('if-none-match');
    if (shown.etag !== undefined && known !== null && opaque(known) === opaque(shown.etag))
      return { response: new Response(null, { status: 304, headers: shown }), version };
    const response = json(200, wire.document(at, stored), shown);
    return {
      response: method === 'HEAD' ? new Response(null, { headers: response.headers }) : response,
      version,
    };
  }

  #write(arrived: Arrived): Response {
    const { store, wire, writesByPost } = this.#options;
    const at = wire.resource(arrived.path);
    const current = store.get(at);
    const isWrite = wire.shape.postCreates ?? (writesByPost && current);
    if (arrived.method === 'POST' && !isWrite) return this.#create(arrived, at);
    const refusal = this.#refusal(arrived, current);
    if (refusal) return wire.refused(refusal);
    const change = this.#change(arrived, at, current);
    if ('response' in change) return change.response;
    const make = (): Response => this.#make(arrived, at, change.value);
    return (
      this.#operations.accept(() => {
        const late = this.#refusal(arrived, store.get(at));
        return late ? wire.refused(late) : make();
      }) ?? make()
    );
  }

  /** Why a write is refused, if it is (RFC 9110 §13.2.2). */
  #refusal(arrived: Arrived, current: Stored | undefined): Refusal | undefined {
    const { wire } = this.#options;
    const { method, headers } = arrived;
    const named = wire.carried(arrived);
    const { shape } = wire;
    const isZero = shape.zero !== undefined && named?.[0] === shape.zero;
    const creates = headers.get('if-none-match') === '*' || isZero || shape.creates?.(arrived.path) === true;
    if (creates) return current ? 'exists' : undefined;
    if (named === 'disagree') return 'disagree';
    const condition = headers.get('if-match');
    const hasCondition = named !== undefined || condition !== null;
    if (!current) {
      if (method === 'DELETE' || (method === 'PATCH' && !hasCondition)) return 'missing';
      if (hasCondition) return shape.resurrects ? undefined : 'gone';
      return shape.putCreates === false ? 'missing' : undefined;
    }
    if (named) return this.#matches(named, current) ? undefined : 'stale';
    if (condition !== null)
      return condition === '*' || listed(condition).includes(wire.headers(current).etag ?? '')
        ? undefined
        : 'stale';
    if (wire.createsWithoutVersion) return 'exists';
    return wire.isRequired ? 'required' : undefined;
  }

  #matches(named: Version, current: Stored): boolean {
    const { wire } = this.#options;
    const version = wire.version(current);
    const isDate = wire.rule.write.some(
      (place) => place.in === 'headers' && place.name === 'if-unmodified-since',
    );
    // A date is compared as one: nothing has changed since (RFC 9110 §13.1.4).
    if (isDate) return Date.parse(String(version[0])) <= Date.parse(String(named[0]));
    return sameVersion(named, version);
  }

  #change({ method, type, body }: Arrived, at: string, current: Stored | undefined): Change {
    const { wire } = this.#options;
    if (method === 'DELETE') return { value: undefined };
    if (method !== 'PATCH') return { value: wire.state(body, current?.value) };
    if (!current) return { response: wire.refused('missing') };
    if (type.includes('json-patch')) {
      const patched = applyJsonPatch(wire.document(at, current), body);
      if (patched.kind === 'patched') return { value: wire.state(patched.value, current.value) };
      return { response: json(422, { title: 'The patch does not apply' }) };
    }
    const bare = wire.state(body, undefined);
    if (type.includes('merge-patch')) return { value: applyMergePatch(current.value, bare) };
    if (!type.includes('json') || !isRecord(bare) || !isRecord(current.value))
      return { response: new Response('No such patch format', { status: 415 }) };
    return { value: { ...current.value, ...bare } };
  }

  #make({ method }: Arrived, at: string, value: unknown): Response {
    const { store, wire } = this.#options;
    const before = store.get(at);
    if (method === 'DELETE') {
      store.delete(at);
      const version = before ? wire.version(before) : [];
      return wire.made({ ...this.#where(at), kind: 'deleted', document: undefined, version, headers: {} });
    }
    return this.#told(before ? 'updated' : 'created', at, store.set(at, value));
  }

  /** Creates a member of a collection, under the name that the body asks for or under a new one. */
  #create(arrived: Arrived, collection: string): Response {
    const { store, wire } = this.#options;
    if (store.get(collection)) return new Response(null, { status: 405 });
    const { body } = arrived;
    const at = wire.shape.child?.(collection, body) ?? store.free(collection);
    if (store.get(at)) return wire.refused('exists');
    const make = (): Response => this.#told('created', at, store.set(at, wire.state(body, undefined)));
    return this.#operations.accept(make) ?? make();
  }

  #told(kind: Made['kind'], at: string, stored: Stored): Response {
    const { wire } = this.#options;
    return wire.made({
      ...this.#where(at),
      kind,
      document: wire.document(at, stored),
      version: wire.version(stored),
      headers: wire.headers(stored),
    });
  }

  #where(path: string): { readonly path: string; readonly address: string } {
    return { path, address: `${this.#options.root}${path}` };
  }
}

/** The tags of `If-Match`, but for weak ones, which match nothing (RFC 9110 §13.1.1). */
function listed(condition: string): readonly string[] {
  return [...condition.matchAll(/(W\/)?("[^"]*")/g)].flatMap(([, weak, tag]) => (weak || !tag ? [] : [tag]));
}

/** A tag without its mark for weakness: a read compares weakly (RFC 9110 §13.1.2). */
function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}
