import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from '../process.ts';

/** What a gateway is set to: the blocks of nginx in the page about gateways, each by its name. */
export const settings: ReadonlyMap<string, string> = settingsIn(
  readFileSync(join(home, '../../docs/gateways.md'), 'utf8'),
);

/** The blocks of nginx in a page. The name stands on the fence, behind the language. */
export function settingsIn(page: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', text = ''] of page.matchAll(/^```nginx(?: +(\S+))?\n([\s\S]*?)^```$/gm)) {
    if (name === '' || found.has(name))
      throw new Error(`A block of nginx has no name of its own: '${name}'.`);
    found.set(name, text);
  }
  return found;
}

/** The addresses in the page: the gateway's own, the primary, the replica, and the primary by another way. */
export const addresses = {
  gateway: /\blisten 8080;/g,
  primary: /\b127\.0\.0\.1:9001\b/g,
  replica: /\b127\.0\.0\.1:9002\b/g,
  detour: /\b127\.0\.0\.1:9003\b/g,
  cache: /\/var\/cache\/nginx\b/g,
} as const;

/** What stands for each address here. */
export type Places = Readonly<Record<keyof typeof addresses, string>>;

/** The text of a block, with the addresses of here. */
export function placed(text: string, places: Places): string {
  let here = text;
  for (const [name, pattern] of Object.entries(addresses))
    here = here.replaceAll(pattern, places[name as keyof Places]);
  return here;
}
