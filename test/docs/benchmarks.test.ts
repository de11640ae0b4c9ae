import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageOf, pagePath, plotFolder } from '../bench/report/page.ts';
import { plotsOf } from '../bench/report/plots.ts';
import { readResults, type Results } from '../bench/results.ts';
import { startingTime } from '../support/time.ts';

const results = readResults();
const page = readFileSync(pagePath, 'utf8');

describe('the page of benchmarks', { timeout: startingTime }, () => {
  it('has the figures of the last whole run: else `npm run bench -- --page`', async () => {
    expect(page).toBe(await pageOf(results));
  });

  it('is old as soon as one figure has changed', async () => {
    const text = JSON.stringify(results).replace('"median":2,', '"median":3,');
    const changed = await pageOf(JSON.parse(text) as Results);
    expect(changed).not.toBe(page);
  });

  it('has plots of the same figures', async () => {
    const plots = await plotsOf(results);
    expect(plots.size).toBe(2);
    for (const [file, svg] of plots) {
      expect(readFileSync(join(plotFolder, file), 'utf8'), file).toBe(svg);
      expect(page).toContain(`(benchmarks/${file})`);
    }
  });
});
