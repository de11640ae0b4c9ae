import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** Where the server of a test is. */
export const origin = 'https://server.test';

// Each request goes through the runtime's own fetch, and what is answered is made a response by it.
const network = setupServer();
beforeAll(() => {
  network.listen({ onUnhandledFrame: 'error' });
});
afterEach(() => {
  network.resetHandlers();
});
afterAll(() => {
  network.close();
});

/** Has each request to the origin answered, until the test ends. */
export function serve(answer: (request: Request) => Promise<Response>): void {
  network.use(http.all(`${origin}/*`, ({ request }) => answer(request)));
}
