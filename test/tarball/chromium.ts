import { chromium as driver, type Browser } from 'playwright';
import { chromium, launch } from '../browser/engines.ts';
import { NotHere } from './programs.ts';

/** Starts the Chromium that the machine has. */
export async function openChromium(): Promise<Browser> {
  if (chromium.path === undefined) throw new NotHere(`There is none. To get it: ${chromium.advice}`);
  return driver.launch(launch);
}
