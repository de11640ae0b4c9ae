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
 * A route's version: the carriers its parts are read from, and those they are written to. One part that is read may
 * be written to several places; several parts are written in the order they were read in.
 */
export interface VersionRule {
  readonly read: readonly ReadableCarrier[];
  readonly write: readonly Carrier[];
  /** Where a DELETE carries it, if that is somewhere else. In the body, it has one that says nothing more. */
  readonly remove?: readonly Carrier[] | undefined;
  /** What a write without a version asks for, where that isn't the version that it forgot. */
  readonly absent?: 'creates' | undefined;
}

/**
 * A version as a route names it: one carrier, several parts, or a read side and a write side. One part that is read may
 * be written to several places; several parts are written in the order they were read in.
 */
export type VersionOption =
  | ReadableCarrier
  | readonly ReadableCarrier[]
  | {
      readonly read: ReadableCarrier | readonly ReadableCarrier[];
      readonly write: Carrier | readonly Carrier[];
      /** Where a DELETE carries it; with a field, in a body that says nothing else. Default: as every write. */
      readonly remove?: Carrier | readonly Carrier[];
      /**
       * `'creates'`: a write without a version asks for a new resource, and the server refuses it where there is one, as
       * CouchDB does. `onExists` says what then. Default: it has forgotten its version.
       */
      readonly absent?: 'creates';
    };

/**
 * The resource has no version to see or to send. A conflict is then real only if the representation itself differs
 * from the one before, or base isn't known, and the write goes out again with nothing to protect it but the server's own
 * check. A server that checks nothing loses edits, whoever the client is.
 */
export function none(): VersionOption {
  return [];
}

/** Brings the short ways to write a version to one form. */
export function versionRule(option: VersionOption): VersionRule {
  if (!('read' in option)) return { read: [option].flat(), write: [option].flat() };
  const { read, write, remove, absent } = option;
  return { read: [read].flat(), write: [write].flat(), remove: remove && [remove].flat(), absent };
}

/** The rule as one write goes by it. */
export function ruleFor(rule: VersionRule, method: string): VersionRule {
  return method === 'DELETE' && rule.remove ? { ...rule, write: rule.remove } : rule;
}

/** Whether one of some carriers is in the body. */
export function isInBody(carriers: readonly Carrier[]): boolean {
  return carriers.some((carrier) => carrier.in === 'document');
}

/** Whether a write without a body has room for the version. Where there is none to send (`none()`), it has. */
export function fitsNoBody({ read, write }: VersionRule): boolean {
  const isOutside = (carrier: Carrier): boolean => carrier.in !== 'document';
  return write.length === 0 || (read.length === 1 ? write.some(isOutside) : write.every(isOutside));
}

/** Whether a weak version of this rule is only weak for a moment. */
export function waitsForStrong({ read }: VersionRule): boolean {
  return read.some((carrier) => carrier.in === 'headers' && carrier.waits === true);
}

/** A weak tag, or a date: those of HTTP (RFC 9110 §5.6.7) and of ISO 8601. */
const weak = /^W\/|GMT$|^\d{4}-\d\d-\d\d[T ]/;

/**
 * Whether a write under this version is refused by whatever other state there is. A date may stand for two states, a weak tag
 * for states that are much the same (RFC 9110 §8.8.1), and where no version is sent nothing is compared. Of several parts one
 * is enough.
 */
export function comparesStrongly({ read, write }: VersionRule, version: Version): boolean {
  return write.some((_, index) => {
    const part = version[read.length === 1 ? 0 : index];
    return part !== undefined && !weak.test(String(part));
  });
}

/** Reads a version from where the route says it is, and from nowhere else; or says what is wrong with it. */
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
    // What a header shows, a header can carry.
    const isUnfit = carrier.in === 'document' && places.some((place) => place.in === 'headers');
    if (isUnfit && !isHeaderValue(String(part.part))) return { problem: 'malformed', carrier };
    version.push(part.part);
  }
  return version;
}

/** Whether a header can carry a text as it is: in one line, with no space around it, and each character one byte. */
function isHeaderValue(text: string): boolean {
  return /^[!-~\x80-\xff]+(?:[\t ]+[!-~\x80-\xff]+)*$/.test(text);
}
