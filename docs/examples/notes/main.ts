import { startExample } from './start.ts';

const example = await startExample();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void example.close());
process.stdout.write(`Two people, one note: ${example.url}\nCtrl-C stops it.\n`);
