import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Answer, Entry } from '../figures.ts';
import type { Results } from '../results.ts';
import { hasFaults } from './verdicts.ts';

/** A plot on the page. */
interface Plot {
  readonly file: string;
  /** The bench whose figures it shows. */
  readonly of: string;
  readonly column: string;
  readonly title: string;
  readonly alt: string;
}

export const plotFiles: readonly Plot[] = [
  {
    file: 'requests.svg',
    of: 'contention',
    column: 'requests',
    title: 'requests',
    alt: 'Requests against updates at once, both on logarithmic scales. A line ends where its way begins to give updates up',
  },
  {
    file: 'time.svg',
    of: 'contention',
    column: 'ms',
    title: 'milliseconds',
    alt: 'Milliseconds against updates at once, both on logarithmic scales. A line ends where its way begins to give updates up',
  },
];

/** Reads on white and on black alike. */
const ink = '#7d8590';
const colours = [
  '#1f8fff',
  '#e5703a',
  '#2ea36a',
  '#b069e0',
  '#c79a1b',
  '#e0568c',
  '#4fb3bf',
  '#8c8c5a',
  '#7f7fd5',
];

/** A plot as SVG. A line ends where its way begins to give updates up. */
async function plotOf({ column, title }: Plot, answer: Answer): Promise<string> {
  const points = answer.entries
    .filter((entry) => entry.amount !== undefined && !hasFaults(answer, entry))
    .map(({ way, amount, figures }: Entry) => ({ way, amount, figure: figures[column]?.median }));
  const ways = [...new Set(points.map(({ way }) => way))];
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 460,
    height: 260,
    background: 'transparent',
    data: { values: points },
    mark: { type: 'line', point: { size: 28 } },
    encoding: {
      x: {
        field: 'amount',
        type: 'quantitative',
        scale: { type: 'log' },
        axis: {
          title: 'updates at once',
          values: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
          labelFlush: false,
          labelOverlap: false,
        },
      },
      y: {
        field: 'figure',
        type: 'quantitative',
        scale: { type: 'log' },
        axis: { title, values: [1, 10, 100, 1_000, 10_000, 100_000] },
      },
      color: {
        field: 'way',
        type: 'nominal',
        sort: ways,
        scale: { range: colours },
        legend: { title: null },
      },
      strokeWidth: {
        condition: { test: "datum.way === 'remerge'", value: 3.5 },
        value: 1.5,
      },
    },
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: {
        labelColor: ink,
        titleColor: ink,
        domainColor: ink,
        tickColor: ink,
        gridColor: ink,
        gridOpacity: 0.2,
      },
      legend: { labelColor: ink, labelLimit: 0 },
    },
  };
  const svg = await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
  return `${svg}\n`;
}

/** Every plot of a run, by its file. */
export async function plotsOf({ answers }: Results): Promise<ReadonlyMap<string, string>> {
  const plots = new Map<string, string>();
  for (const plot of plotFiles) {
    const answer = answers.find(({ name }) => name === plot.of);
    if (answer) plots.set(plot.file, await plotOf(plot, answer));
  }
  return plots;
}
