import type { Case, Method, Stage } from './case.ts';
import type { Fault } from './fault.ts';
import type { Strategy } from './strategy.ts';

const conditions = { version: '', 'nothing yet': ' to create', none: ' of whatever is there' };

type Circumstances = Partial<Pick<Case, 'maker' | 'condition' | 'loss' | 'isLasting' | 'then' | 'lacks'>>;

/** One case for each method, strategy and fault, under the same circumstances. */
export function each(
  stage: Stage,
  methods: readonly Method[],
  strategies: readonly Strategy[],
  faults: readonly Fault[],
  circumstances: Circumstances = {},
): readonly Case[] {
  return methods.flatMap((method) =>
    strategies.flatMap((strategy) =>
      faults.map((fault): Case => {
        const bare = {
          maker: 'fetch',
          condition: 'version',
          isLasting: false,
          then: undefined,
          lacks: undefined,
        } as const;
        const one = { ...bare, ...circumstances, method, strategy, stage, fault };
        return { ...one, name: nameOf(one) };
      }),
    ),
  );
}

function nameOf(one: Omit<Case, 'name'>): string {
  const { maker, method, condition, strategy, stage, fault, loss, isLasting, then, lacks } = one;
  const before = loss ? `${loss.name}, then ` : '';
  const after = (then ? `, then ${then}` : '') + (lacks ? `, with little ${lacks}` : '');
  const at = `${isLasting ? 'every read from the ' : ''}${stage}`;
  const by = maker === 'update' ? 'update' : method;
  return `${by}${conditions[condition]} (${strategy.name}): ${before}${fault.name} at ${at}${after}`;
}
