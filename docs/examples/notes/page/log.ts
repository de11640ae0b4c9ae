import type { RecoveryEvent } from 'remerge';
import { element } from './element.ts';

/** How many lines the page shows. */
const most = 8;

/** Shows what a write took, as it happens. */
export function tell(event: RecoveryEvent): void {
  const [what, why] = wordsOf(event);
  if (what === undefined) return;
  const line = document.createElement('li');
  const code = document.createElement('code');
  code.textContent = what;
  line.append(code, ` ${why ?? ''}`);
  const log = element('#log');
  log.append(line);
  while (log.children.length > most) log.firstElementChild?.remove();
}

function wordsOf(event: RecoveryEvent): readonly [what?: string, why?: string] {
  switch (event.kind) {
    case 'write': {
      const why = event.status === 412 ? 'refused: the note has moved on' : event.status < 300 ? 'saved' : '';
      return [`${event.method} ${event.status} ${event.version ?? ''}`, why];
    }
    case 'read':
      return [`GET ${event.status} ${event.version ?? ''}`, 'what is there now'];
    case 'merge':
      return ['merge', event.decision === 'give-up' ? 'a person has to decide' : 'both changes are in it'];
    case 'lost':
      return ['no answer', 'find out what became of it'];
    default:
      return [];
  }
}
