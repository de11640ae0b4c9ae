/** A browser that is asked by JSON over a WebSocket: the DevTools protocol and WebDriver BiDi are alike in this. */
export interface Conversation {
  readonly ask: (method: string, params?: object, session?: string) => Promise<unknown>;
  readonly close: () => void;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly message?: string;
}

export async function converse(url: string): Promise<Conversation> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let asked = 0;
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id ?? 0)?.(answer);
    waiting.delete(answer.id ?? 0);
  };
  return {
    async ask(method, params = {}, sessionId) {
      const id = (asked += 1);
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
      const { result, error, message } = await answered;
      if (error !== undefined) throw new Error(`${method}: ${message ?? JSON.stringify(error)}`);
      return result;
    },
    close: () => socket.close(),
  };
}
