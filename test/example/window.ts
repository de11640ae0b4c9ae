import type { FrameLocator, Page } from 'playwright';

/** One person's window, and what can be seen and done there. */
export class NoteWindow {
  readonly page: Page;
  readonly #place: Page | FrameLocator;

  private constructor(page: Page, place: Page | FrameLocator) {
    this.page = page;
    this.#place = place;
  }

  /** Opens it in a page of its own, and waits until the note is there. */
  static async open(page: Page, url: string, name: string): Promise<NoteWindow> {
    await page.goto(`${url}note.html?name=${name}`);
    return NoteWindow.#ready(page, page);
  }

  /** Finds it in the page that shows both. */
  static async within(page: Page, name: string): Promise<NoteWindow> {
    return NoteWindow.#ready(page, page.frameLocator(`iframe[title="${name}'s window"]`));
  }

  static async #ready(page: Page, place: Page | FrameLocator): Promise<NoteWindow> {
    await place.getByText('Last saved by').waitFor();
    return new NoteWindow(page, place);
  }

  get dialog() {
    return this.#place.getByRole('dialog');
  }

  field(label: string) {
    return this.#place.locator('#note').getByLabel(label);
  }

  async type(label: string, text: string): Promise<void> {
    await this.field(label).fill(text);
  }

  async save(): Promise<void> {
    await this.#place.getByRole('button', { name: 'Save', exact: true }).click();
  }

  async vote(): Promise<void> {
    await this.#place.getByRole('button', { name: 'Vote' }).click();
  }

  /** Waits until the window says this to the person. */
  async says(words: string): Promise<void> {
    await this.#place.getByRole('status').getByText(words, { exact: true }).waitFor();
  }

  /** What is in the form. */
  async note(): Promise<readonly string[]> {
    return Promise.all(['Title', 'Text', 'Tags'].map((label) => this.field(label).inputValue()));
  }

  /** The names of the fields, with what each is marked with. */
  async marks(): Promise<readonly string[]> {
    const labels = await this.#place.locator('#note label').allInnerTexts();
    return labels.map((label) => label.trim());
  }

  /** The log of the requests. */
  async log(): Promise<readonly string[]> {
    return this.#place.locator('#log code').allTextContents();
  }

  /** A choice for a field in the dialog. */
  choice(field: string, name: string) {
    return this.dialog.getByRole('group', { name: field }).getByRole('radio', { name });
  }

  async answer(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Save this' }).click();
  }
}
