import { runStorm, byRemerge, byHand, type Update } from './test/simulation/storm.ts';
const log = Math.log2;
const variants: [string, () => Update][] = [
 ['default', () => byRemerge()],
 ['cap2000', () => byRemerge({backoffLimit: 2000, totalTimeout: 120000, limit:1000})],
 ['cap5000', () => byRemerge({backoffLimit: 5000, totalTimeout: 120000, limit:1000})],
 ['cap10000', () => byRemerge({backoffLimit: 10000, totalTimeout: 120000})],
 ['50 cap5000', () => byRemerge({delay: (n) => 50 * 2 ** (n - 1), backoffLimit: 5000, totalTimeout: 120000, limit: 1000})],
 ['50 cap10000', () => byRemerge({delay: (n) => 50 * 2 ** (n - 1), backoffLimit: 10000, totalTimeout: 120000, limit: 1000})],
 ['25 cap10000', () => byRemerge({delay: (n) => 25 * 2 ** (n - 1), backoffLimit: 10000, totalTimeout: 120000, limit: 1000})],
 ['10 cap10000', () => byRemerge({delay: (n) => 10 * 2 ** (n - 1), backoffLimit: 10000, totalTimeout: 120000, limit: 1000})],
 ['hand const 100', () => byHand(() => 100)],
 ['hand doubling cap 500', () => byHand((n) => Math.min(500, 100 * 2 ** (n - 1)))],
];
for (const lat of [[8,12],[1,40],[10,10]] as [number,number][]) { console.log(lat);
for (const [name, u] of variants) { const row = [];
 for (const n of [50, 100, 250, 500]) { if (lat[0] === 10 && n > 250 && name.startsWith('hand')) continue; const seeds = name.startsWith('hand') ? ['1'] : ['1', '2', '3']; let r = 0, t = 0, f = 0; for (const seed of seeds) { const s = await runStorm(n, seed, u(), lat); r += s.requests / seeds.length; t = Math.max(t, s.seconds); f += s.failed; }
 row.push(`${n}: ${r.toFixed(0)} (${(r / n).toFixed(1)}/c, ${(r / (n * log(n))).toFixed(2)}, f ${f} ${t.toFixed(1)}s)`); }
 console.log(name.padEnd(24), row.join(' | ')); } }
