import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.ts';

describe('virtual time', () => {
  it('runs events in the order of their times, and of how they were set', async () => {
    const timeline = new Timeline();
    const log: string[] = [];
    for (const [index, delay] of [30, 10, 20, 10, 0, 30].entries())
      timeline.after(delay, () => log.push(`${index} at ${timeline.now}`), index % 2 === 0);
    await timeline.run();
    expect(log).toEqual(['4 at 0', '1 at 10', '3 at 10', '2 at 20', '0 at 30', '5 at 30']);
  });

  it('keeps the order of many events', async () => {
    const timeline = new Timeline();
    const log: number[] = [];
    for (let index = 0; index < 500; index += 1)
      timeline.after((index * 7_919) % 501, () => log.push(timeline.now), true);
    await timeline.run();
    expect(log).toEqual([...log].sort((one, other) => one - other));
    expect(log).toHaveLength(500);
  });

  it('does not run what was called off', async () => {
    const timeline = new Timeline();
    const log: string[] = [];
    timeline.after(1, () => log.push('one'));
    timeline.after(2, () => log.push('two'))();
    await timeline.run();
    expect(log).toEqual(['one']);
  });

  it('lets all that an event sets off settle before the next one', async () => {
    const timeline = new Timeline();
    const log: string[] = [];
    timeline.after(1, () => {
      void (async () => {
        for (let step = 0; step < 100; step += 1) await Promise.resolve();
        log.push(`settled at ${timeline.now}`);
        await timeline.pass(5);
        log.push(`passed at ${timeline.now}`);
      })();
    });
    timeline.after(2, () => log.push('the next'));
    await timeline.run();
    expect(log).toEqual(['settled at 1', 'the next', 'passed at 6']);
  });

  it('ends with what an event throws', async () => {
    const timeline = new Timeline();
    timeline.after(1, () => {
      throw new Error('broken');
    });
    await expect(timeline.run()).rejects.toThrow('broken');
  });
});
