/** The version as a read shows it. */
export type ShownVersion = 'found' | 'weak' | 'missing' | 'hidden' | 'malformed' | 'none';

/** What a server made of a write under a wrong version. */
export type Precondition = 'checked' | 'older-taken' | 'ignored' | 'refused-otherwise' | 'not-asked';

/** What a probe has found out about a server. */
export interface Finding {
  /**
   * The version that a read shows. `weak`: an ETag that is weak. `hidden`: not for this page to see (CORS). `none`: the route
   * has none. Where it can't be sent, nothing was written.
   */
  readonly version: ShownVersion;
  /**
   * What became of a write under a wrong version. `checked`: it was refused as a conflict is. `older-taken`: so was one that
   * never was, but an older one was taken, as by a wiki, which merges by itself. `ignored`: it was taken, so nothing
   * protects a write. `refused-otherwise`: it was refused, and that says nothing of versions. `not-asked`: there is
   * no version to make a wrong one of.
   */
  readonly precondition: Precondition;
  /** The status of the answer to that write; 0 for a redirect that a page may not see. Absent where none was made. */
  readonly status?: number;
  /** What became of a write under the right version, where that was asked for. */
  readonly withVersion?: 'taken' | 'refused';
  /** What became of a write without a version, where that was asked for. */
  readonly withoutVersion?: 'refused' | 'overwrites';
  /**
   * Whether a later read showed another state: somebody else has written meanwhile, or a write was taken and the server
   * changes what it is given, such as a date. Absent where nothing was written, or nothing could be read any more.
   */
  readonly changed?: boolean;
  /** All of it for people, in a sentence or two. */
  readonly says: string;
}

/** Puts a finding into words. */
export function wordsFor(finding: Omit<Finding, 'says'>): string {
  const { precondition, withVersion, withoutVersion, changed } = finding;
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
  if (status === 405 || status === 501) return 'there is no such method here. See writeBy';
  if (status === 428) return 'no version is seen in the write. It is not where the route puts it';
  if (status === 409 || status === 412) return 'the write was refused for a reason of its own';
  if (status >= 500) return 'the server failed';
  return 'something else in the write is minded. See headers and body, or name the status in statusCodes';
}
