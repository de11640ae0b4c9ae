import { runSchedule } from './test/simulation/schedule.ts';
const [, , seed = '7', from = '0', to = '1000', ...kinds] = process.argv;
for (let i = Number(from); i < Number(to); i++) { const o = await runSchedule(`${seed}:${i}`);
 const v = o.violations.filter((x) => kinds.length === 0 || kinds.includes(x.kind)); 
 if (v.length) console.log(`${seed}:${i}`, o.scenario.workload, o.scenario.by, o.scenario.isReady, JSON.stringify(v)); }
