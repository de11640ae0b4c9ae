import type { Answer, Script } from './stage.ts';

/** A note under versions that count, on a server that knows one token, and loses the answer to one write if it is to. */
export class NotesScript implements Script {
  readonly onPart = undefined;
  readonly onWhole = undefined;
  value: Readonly<Record<string, unknown>> = { title: 'a', body: 'b' };
  /** Ids of what was made by a POST, by their keys. */
  readonly made = new Map<string, number>();
  token = 'old';
  isOvertaken = false;
  isLost = false;
  #version = 1;

  /** Somebody else writes. */
  overtake(): void {
    this.value = { ...this.value, body: 'BEN' };
    this.#version += 1;
  }

  readonly answer: Script['answer'] = ({ method, headers, body }) => {
    const fields = new Map(headers);
    const own = { authorization: fields.get('authorization'), match: fields.get('if-match') };
    if (own.authorization !== undefined && own.authorization !== this.token) return this.#say(401, {});
    if (method === 'GET') return this.#say(200, this.value);
    if (this.isOvertaken) this.overtake();
    this.isOvertaken = false;
    if (own.match !== undefined && own.match !== `"${this.#version}"`) return this.#say(412, {});
    const isLost = this.isLost;
    this.isLost = false;
    const key = fields.get('idempotency-key') ?? `none ${this.made.size}`;
    if (method === 'POST') this.made.set(key, (this.made.get(key) ?? 0) + 1);
    else if (method !== 'DELETE') this.value = JSON.parse(body.toString()) as typeof this.value;
    this.#version += 1;
    return { ...this.#say(200, this.value), way: isLost ? 'reset' : 'whole' };
  };

  #say(status: number, value: unknown): Answer {
    const headers: Answer['headers'] = [
      ['Content-Type', 'application/json'],
      ['ETag', `"${this.#version}"`],
    ];
    return { status, headers, body: Buffer.from(JSON.stringify(value)), way: 'whole' };
  }
}
