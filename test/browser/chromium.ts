import { chromium as driver, type BrowserContext, type Page } from 'playwright';
import { launch } from './engines.ts';
import { tabOf, type Tab } from './tab.ts';

/** A tab of Chromium, and what a test can do to it from outside. */
export interface ChromiumTab extends Tab {
  readonly page: Page;
  readonly context: BrowserContext;
}

/** Opens a page in a Chromium of its own. */
export async function openChromium(url: string, ...flags: readonly string[]): Promise<ChromiumTab> {
  const browser = await driver.launch({ ...launch, args: [...launch.args, ...flags] });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  return {
    ...tabOf({ evaluate: (text) => page.evaluate(text), close: () => browser.close() }),
    page,
    context,
  };
}
