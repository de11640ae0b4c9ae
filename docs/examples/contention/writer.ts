import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { client } from './clients.ts';
import { editsOf } from './edits.ts';
import type { Order, Report } from './messages.ts';
import { tellEvent } from './story.ts';

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  if (order.kind === 'work') void work(order);
});

async function work({ client: name, writer, edits, urls }: Order & { kind: 'work' }): Promise<void> {
  let story: string[] = [];
  let conflicts = 0;
  const save = client(name, (event) => {
    if (event.kind === 'conflict') conflicts += 1;
    const line = tellEvent(event);
    if (line !== undefined) story.push(line);
  });
  for (const [index, edit] of editsOf(writer, edits).entries()) {
    story = [];
    conflicts = 0;
    const acknowledged = await save(urls[edit.on], edit, index === 0 ? rendezvous : think);
    const { mark, on, does } = edit;
    report({ kind: 'edited', writer, mark, on, does, acknowledged, conflicts, story });
  }
  report({ kind: 'finished' });
}

/** All writers hold the same version when they begin: the first conflicts are certain, the others come by themselves. */
async function rendezvous(): Promise<void> {
  report({ kind: 'ready' });
  await once(process, 'message');
}

/** What a person or a program does between reading and writing, shortened. */
const think = () => sleep(Math.random() * 20);

function report(message: Report): void {
  // Whether the parent is still there to hear it is told by 'disconnect'.
  process.send?.(message, undefined, undefined, () => undefined);
}
