/** The state of the version that a read shows. */
export type ShownVersion = 'found' | 'weak' | 'missing' | 'hidden' | 'malformed' | 'none';

/** The server's reaction to a write under a wrong version. */
export type Precondition =
  'checked' | 'older-taken' | 'ignored' | 'accepted' | 'refused-otherwise' | 'not-asked';

/** The result of a probe of a server. */
export interface Finding {
  /**
   * The version that a read shows. `found`: a version that is not a weak ETag. `weak`: a weak ETag. `missing`: there is
   * no version where the route says. `hidden`: the page may not see the version (CORS). `malformed`: the value in the
   * version's place is no version. `none`: the route has no version. If the version can't be sent, nothing was written.
   */
  readonly version: ShownVersion;
  /**
   * The result of a write under a wrong version. `checked`: the server refused the write as a conflict. `older-taken`:
   * the server refused a version that never existed, but took an older one, as a wiki does that merges by itself.
   * `ignored`: the server took the write, so nothing protects a write. `accepted`: the server makes writes later (202), and
   * doesn't tell whether it looks at the version then. `refused-otherwise`: the server refused the
   * write, but the refusal says nothing about versions. `not-asked`: there is no version from which to make a wrong
   * one.
   */
  readonly precondition: Precondition;
  /**
   * The status of the response to that write; 0 for a redirect that a page may not see. Absent where no write was made.
   */
  readonly status?: number;
  /** The result of a write under the right version, if the probe was asked to make one. */
  readonly withVersion?: 'taken' | 'refused';
  /** The result of a write without a version, if the probe was asked to make one. */
  readonly withoutVersion?: 'refused' | 'overwrites';
  /**
   * Whether a later read showed another state: another writer has written meanwhile, or the server took a write and
   * changes what it is given, such as a date. Absent where nothing was written, or the later read failed.
   */
  readonly changed?: boolean;
  /**
   * JSON Pointers to the members that a write of the very same state has changed: the server manages them, unless
   * somebody else has written meanwhile. They belong into `readOnly` of the route. Absent where there are none.
   */
  readonly readOnly?: readonly string[];
  /** The whole finding for people, in a sentence or two. */
  readonly says: string;
}

/** Describes a finding in words. */
export function wordsFor(finding: Omit<Finding, 'says'>): string {
  const { precondition, withVersion, withoutVersion, changed, readOnly } = finding;
  const isChecked = precondition === 'checked' || precondition === 'older-taken';
  const isTaken =
    precondition === 'ignored' ||
    precondition === 'older-taken' ||
    withVersion === 'taken' ||
    withoutVersion === 'overwrites';
  return [
    first(finding),
    isChecked && withVersion === 'refused' && 'But it refuses the very version that it shows, too.',
    isChecked && withoutVersion === 'overwrites' && 'Whoever sends no version overwrites what is there.',
    precondition !== 'ignored' && withoutVersion === 'refused' && 'It takes no write without a version.',
    changed &&
      (isTaken
        ? 'The state is another than was written: somebody else has written, or the server changes what it is given.'
        : 'Somebody else has written meanwhile.'),
    readOnly &&
      `If nobody else has, give the route readOnly: [${readOnly.map((member) => `'${member}'`).join(', ')}].`,
  ]
    .filter(Boolean)
    .join(' ');
}

function first({ version, precondition, status = 0 }: Omit<Finding, 'says'>): string {
  const answer = `(${status})`;
  if (precondition === 'checked') return `A write under a wrong version is refused ${answer}.`;
  if (precondition === 'older-taken')
    return `A version that never was is refused ${answer}, an older one is taken: the server seems to merge by itself.`;
  if (precondition === 'ignored')
    return `Nothing protects a write: one under a version that never was is taken ${answer}.`;
  if (precondition === 'accepted')
    return `Nobody knows whether the version is looked at: the server makes writes later ${answer}. See poll of remerge/poll.`;
  if (precondition === 'refused-otherwise')
    return `Nobody knows whether the version is looked at: ${otherwise(status)} ${answer}.`;
  return `Nothing was written: ${unasked[version] ?? version}.`;
}

const unasked: Readonly<Partial<Record<ShownVersion, string>>> = {
  none: 'the route has no version, so nothing protects a write but what the server does by itself',
  weak: 'the ETag is weak, and If-Match never matches such a one. See etag({ weak })',
  missing: "the version isn't where the route says",
  hidden: 'the version is not for this page to see. Have the server send Access-Control-Expose-Headers: ETag',
  malformed: 'what stands in the place of the version is none',
};

function otherwise(status: number): string {
  if (status < 400) return 'the write is sent elsewhere. Use the final URL';
  if (status === 401 || status === 403) return 'this write is not allowed. Ask as somebody who may write';
  if (status === 404 || status === 410) return 'there is nothing to write to any more';
  if (status === 405 || status === 501) return 'there is no such method here. See replace';
  if (status === 428) return 'no version is seen in the write. It is not where the route puts it';
  if (status === 409 || status === 412) return 'the write was refused for a reason of its own';
  if (status >= 500) return 'the server failed';
  return 'something else in the write is minded. See headers and body, or name the status in conflictStatuses';
}
