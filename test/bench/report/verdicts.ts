import { ratioOf, type Answer, type Entry } from '../figures.ts';

/** What a run came to, in words: what was to be reached, and where somebody else is ahead. */
export function verdictsOf(answer: Answer): readonly string[] {
  return [...reached(answer), ...comparison(answer), ...answer.remarks];
}

function reached({ targets }: Answer): readonly string[] {
  return targets.map(({ what, figure, atMost }) => {
    const comparison = figure <= atMost ? 'within' : 'above';
    return `${what}: ${round(figure)}, ${comparison} the target of ${round(atMost)}.`;
  });
}

/** Where others need less, and give nothing up for it. Those that lose, double or give up are not ahead of anybody. */
function comparison(answer: Answer): readonly string[] {
  const compared = answer.columns.filter(({ isCompared }) => isCompared);
  if (compared.length === 0 || answer.entries.length === 0) return [];
  const behind = answer.entries.filter((entry) => isPeer(answer, entry) && !hasFaults(answer, entry));
  const sentences = behind.flatMap((entry) =>
    compared.flatMap(({ name }) => {
      const ratio = entry.figures[ratioOf(name)];
      // Where the middle half of the rounds reaches over 1, nobody is ahead. One round alone says less.
      const isAhead = ratio && (ratio.low === ratio.high ? ratio.median < 0.95 : ratio.high < 1);
      return isAhead
        ? [`Not ahead: ${entry.case}: \`${entry.way}\` needs ${round(ratio.median)} of remerge's ${name}.`]
        : [];
    }),
  );
  if (sentences.length > 0) return sentences;
  const names = compared.map(({ name }) => name).join(' and ');
  return [
    `In every case remerge needs the least ${names}, or as little as any, of those that do all that was asked.`,
  ];
}

function isPeer({ yardsticks = [] }: Answer, { way }: Entry): boolean {
  return !way.startsWith('remerge') && !yardsticks.includes(way);
}

/** Whether a way lost, doubled or gave up anything. */
export function hasFaults({ columns }: Pick<Answer, 'columns'>, { figures }: Entry): boolean {
  return columns.some(({ name, isFault }) => isFault && (figures[name]?.most ?? 0) > 0);
}

/** A number with as many digits as say something. */
export function round(figure: number): string {
  if (Number.isNaN(figure)) return '?';
  if (Number.isInteger(figure)) return figure.toLocaleString('en');
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : String(Number(figure.toPrecision(3)));
}
