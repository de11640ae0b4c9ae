import { carriedVersion } from '../core/precondition.ts';
import { absent, parsePointer, withValueAt } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { withMembersOf } from '../core/members.ts';
import {
  isInBody,
  ruleFor,
  versionRule,
  type VersionOption,
  type VersionRule,
} from '../core/version-rule.ts';
import { etag, sameVersion, type Version } from '../core/version.ts';
import type { Server } from '../server.ts';
import type { Arrived } from './arrived.ts';
import { json } from './shapes/answers.ts';
import { plainVersion, problem, type Made, type Refusal, type Shape } from './shape.ts';
import type { Stored } from './store.ts';

/** The settings of the wire format. */
export interface WireOptions {
  readonly version?: VersionOption;
  readonly status?: number;
  readonly answers?: 'value' | 'version' | 'nothing';
  readonly requires?: boolean;
  readonly server: Server;
  readonly shape: Shape;
}

/** How states and versions of an origin look on the wire. */
export class Wire {
  readonly rule: VersionRule;
  readonly isRequired: boolean;
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    const { version, requires, server, shape } = options;
    this.#options = options;
    this.rule = versionRule(version ?? server.version ?? etag());
    this.isRequired = this.rule.read.length > 0 && (requires ?? shape.requires ?? true);
  }

  version({ count }: Stored): Version {
    return this.#options.shape.version?.(count) ?? plainVersion(this.rule, count);
  }

  /** The wire format of the kind of server. */
  get shape(): Shape {
    return this.#options.shape;
  }

  /** The path of the resource that a request is about. */
  resource(path: string): string {
    return this.shape.resource?.(path) ?? path;
  }

  /** The document that shows a state, with its version in its place. */
  document(path: string, stored: Stored): unknown {
    const version = this.version(stored);
    const { show } = this.#options.shape;
    return this.rule.read.reduce(
      (shown, carrier, index) =>
        carrier.in === 'document' ? carrier.put(shown, version[index] ?? absent) : shown,
      show ? show(stored.value, { path, version }) : stored.value,
    );
  }

  /** The headers that show the version of a state. */
  headers(stored: Stored): Record<string, string> {
    const version = this.version(stored);
    const shown = this.rule.read.flatMap((carrier, index): [string, string][] =>
      carrier.in === 'headers' ? [[carrier.shown, String(version[index])]] : [],
    );
    return { ...this.#options.shape.headers?.(version), ...Object.fromEntries(shown) };
  }

  /** The version that a write names; `'disagree'` where two of its places name two. */
  carried({ method, url, headers, body, type }: Arrived): Version | 'disagree' | undefined {
    const rule = ruleFor(this.rule, method);
    const document = type.includes('json-patch') ? testedBy(body) : body;
    const parts = { headers, query: url.searchParams, document: () => document };
    const places = rule.read.length === 1 ? rule.write.map((write) => ({ ...rule, write: [write] })) : [rule];
    const named = places.flatMap((place) => {
      const version = carriedVersion(place, parts);
      return version ? [version] : [];
    });
    const [first, ...others] = named;
    return first && others.some((other) => !sameVersion(first, other)) ? 'disagree' : first;
  }

  /** Whether a write without a version asks for a new resource. */
  get createsWithoutVersion(): boolean {
    return this.rule.absent === 'creates';
  }

  /** The state that a body asks for: without its version, and with the members that the server manages. */
  state(body: unknown, current: unknown): unknown {
    const { shape, server } = this.#options;
    const bare = [...this.rule.read, ...this.rule.write].reduce(
      (state, carrier) =>
        carrier.in === 'document' && !shape.takesWhole ? carrier.put(state, absent) : state,
      body,
    );
    const taken = shape.take ? shape.take(bare) : bare;
    return isRecord(taken) ? withMembersOf(taken, current ?? {}, server.readOnly ?? []) : taken;
  }

  made(made: Made): Response {
    const { shape } = this.#options;
    if (shape.made) return shape.made(made);
    const { kind, address, document } = made;
    const status = kind === 'created' ? 201 : 200;
    const { answers = isInBody(this.rule.read) ? 'value' : 'version' } = this.#options;
    const headers = {
      ...(kind === 'created' && { location: address }),
      ...(answers !== 'nothing' && kind !== 'deleted' && made.headers),
    };
    const isEmpty = answers !== 'value' || kind === 'deleted';
    if (isEmpty) return new Response(null, { status: kind === 'created' ? 201 : 204, headers });
    return json(status, document, headers);
  }

  /** Whether the version that a read shows is the `ETag`. */
  get showsTag(): boolean {
    return this.rule.read.some((place) => place.in === 'headers' && place.shown === 'etag');
  }

  refused(reason: Refusal): Response {
    const { shape, status } = this.#options;
    const isCondition = this.rule.write.some(
      (place) => place.in === 'headers' && place.name.startsWith('if-'),
    );
    return shape.refused?.(reason) ?? problem(reason, status ?? (isCondition ? 412 : 409));
  }
}

/** The document that the tests of a JSON Patch describe: there is the version of a patch whose version is in the body. */
function testedBy(patch: unknown): unknown {
  return (Array.isArray(patch) ? patch : []).reduce<unknown>(
    (document, operation: unknown) =>
      isRecord(operation) && operation.op === 'test' && typeof operation.path === 'string'
        ? withValueAt(document, parsePointer(operation.path), operation.value)
        : document,
    {},
  );
}
