import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { chromium, type Browser } from 'playwright';
import { NotHere } from './programs.ts';

/** Starts the Chromium that the machine has. */
export async function openChromium(): Promise<Browser> {
  const executablePath = env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new NotHere(
      `There is no ${executablePath}. Get one by apt-get install chromium, or say CHROMIUM=path.`,
    );
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
