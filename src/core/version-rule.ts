import {
  fieldPart,
  headerPart,
  type Carrier,
  type ReadableCarrier,
  type SeenFields,
  type Version,
  type VersionPart,
  type VersionProblem,
} from './version.ts';

/**
 * A route's version: the carriers from which its parts are read, and those to which they are written. A version of one
 * part may be written to several places; several parts are written in the order in which they are read.
 */
export interface VersionRule {
  readonly read: readonly ReadableCarrier[];
  readonly write: readonly Carrier[];
  /** The carriers of a DELETE, if they differ from `write`. In the body of a DELETE, the version stands alone. */
  readonly remove?: readonly Carrier[] | undefined;
  /** The meaning of a write without a version, if it is other than a version that was forgotten. */
  readonly absent?: 'creates' | undefined;
}

/**
 * A version as a route names it: one carrier, several parts, or a read side and a write side. A version of one part may
 * be written to several places; several parts are written in the order in which they are read.
 */
export type VersionOption =
  | ReadableCarrier
  | readonly ReadableCarrier[]
  | {
      readonly read: ReadableCarrier | readonly ReadableCarrier[];
      readonly write: Carrier | readonly Carrier[];
      /**
       * The place of the version in a DELETE; with a field, in a body that says nothing else. Default: as in every
       * write.
       */
      readonly remove?: Carrier | readonly Carrier[];
      /**
       * `'creates'`: a write without a version asks for a new resource, and the server refuses the write if the
       * resource exists, as CouchDB does. Then `onConflict.exists` decides. Default: such a write has forgotten its version.
       */
      readonly absent?: 'creates';
    };

/**
 * The resource has no version to see or to send. A conflict is then real only if the representation itself differs from
 * the one before, or if the base isn't known, and the write goes out again with no protection but the server's own
 * check. A server that checks nothing loses edits, whichever client sends the write.
 */
export function none(): VersionOption {
  return [];
}

/** Brings the short forms of a version option to one form. */
export function versionRule(option: VersionOption): VersionRule {
  if (!('read' in option)) return { read: [option].flat(), write: [option].flat() };
  const { read, write, remove, absent } = option;
  return { read: [read].flat(), write: [write].flat(), remove: remove && [remove].flat(), absent };
}

/** The rule for writes with one method. */
export function ruleFor(rule: VersionRule, method: string): VersionRule {
  return method === 'DELETE' && rule.remove ? { ...rule, write: rule.remove } : rule;
}

/** Whether one of these carriers is in the body. */
export function isInBody(carriers: readonly Carrier[]): boolean {
  return carriers.some((carrier) => carrier.in === 'document');
}

/** Whether a write without a body has room for the version. It has if there is no version to send (`none()`). */
export function fitsNoBody({ read, write }: VersionRule): boolean {
  const isOutside = (carrier: Carrier): boolean => carrier.in !== 'document';
  return write.length === 0 || (read.length === 1 ? write.some(isOutside) : write.every(isOutside));
}

/** Whether a weak version of this rule is weak only for a moment. */
export function waitsForStrong({ read }: VersionRule): boolean {
  return read.some((carrier) => carrier.in === 'headers' && carrier.waits === true);
}

/** A weak tag, or a date: those of HTTP (RFC 9110 §5.6.7) and of ISO 8601. */
const weak = /^W\/|GMT$|^\d{4}-\d\d-\d\d[T ]/;

/**
 * Whether a server refuses a write under this version in every other state. A date may stand for two states, a weak tag
 * for states that are much the same (RFC 9110 §8.8.1), and without a version nothing is compared. Of several parts, one
 * that compares strongly is enough.
 */
export function comparesStrongly({ read, write }: VersionRule, version: Version): boolean {
  return write.some((_, index) => {
    const part = version[read.length === 1 ? 0 : index];
    return part !== undefined && !weak.test(String(part));
  });
}

/** Reads a version from where the route says it is, and from nowhere else; or says what is wrong with the version. */
export function readVersion(
  { read, write }: VersionRule,
  headers: SeenFields,
  document: unknown,
): Version | { readonly problem: VersionProblem; readonly carrier: ReadableCarrier } {
  const version: VersionPart[] = [];
  for (const carrier of read) {
    const part =
      carrier.in === 'headers'
        ? headerPart(carrier, headers.get(carrier.shown))
        : fieldPart(carrier.get(document));
    if (typeof part === 'string') return { problem: part, carrier };
    const places = read.length === 1 ? write : write.slice(version.length, version.length + 1);
    // A version that was read from a header fits into a header.
    const isUnfit = carrier.in === 'document' && places.some((place) => place.in === 'headers');
    if (isUnfit && !isHeaderValue(String(part.part))) return { problem: 'malformed', carrier };
    version.push(part.part);
  }
  return version;
}

/**
 * Whether a header can carry a text unchanged: it is one line, with no space around it, and each character is one byte.
 */
function isHeaderValue(text: string): boolean {
  return /^[!-~\x80-\xff]+(?:[\t ]+[!-~\x80-\xff]+)*$/.test(text);
}
