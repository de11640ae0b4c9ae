/** A transport whose answers are made before the clock starts, as a real one makes them somewhere else. */
export interface Stub {
  readonly fetch: typeof fetch;
  /** Makes the answers of so many calls. */
  readonly fill: (calls: number) => void;
}

/** @param reads Whether it reads the body that it is given, as every real transport does. */
export function stub(body: string | null, init: ResponseInit, reads = false): Stub {
  let answers: Response[] = [];
  return {
    fetch: async (input, options) => {
      if (reads) await new Request(input, options).arrayBuffer();
      const answer = answers.pop();
      if (!answer) throw new Error('No answer is left.');
      return answer;
    },
    fill: (calls) => {
      answers = Array.from({ length: calls }, () => new Response(body, init));
    },
  };
}
