import { keepLocal, none, type RecoveryEvent, type RecoveryOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

// Transmission's RPC: https://github.com/transmission/transmission/blob/main/docs/rpc-spec.md#231-csrf-protection

const name = 'X-Transmission-Session-Id';
const address = 'https://seeds.test/transmission/rpc';
const body = '{"method":"torrent-start","arguments":{"ids":[7]}}';

/** A server whose sessions end after each of these tokens. */
class Transmission extends Origin {
  token: string | undefined = 'first';
  constructor() {
    super({});
  }

  /** Says which token it wants; then goes on to the next. */
  refuse(next: string | undefined): this {
    return this.once('POST', () => {
      this.token = next;
      const headers: HeadersInit = next === undefined ? {} : { [name]: next };
      return new Response('Wrong session', { status: 409, headers });
    });
  }

  /** Takes a request that has the token of now, as it was sent. */
  take(): this {
    return this.once('POST', ({ headers }) => {
      const isRight = headers.get(name) === this.token;
      return isRight ? Response.json({ result: 'success' }) : new Response(null, { status: 400 });
    });
  }

  get tokens(): readonly (string | null)[] {
    return this.requests.map(({ headers }) => headers.get(name));
  }
}

const route: RecoveryOptions<Record<string, unknown>> = {
  defaults: {
    merge: keepLocal(),
    methods: ['POST'],
    version: none(),
    server: { conflictStatuses: [409], classify: () => ({ kind: 'resend', header: name }) },
  },
};

const post = (headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', 'idempotency-key': 'one', ...headers },
});

describe('a refusal that wants the same again, with the token that it shows', () => {
  it('has the same bytes sent with it at once, and nothing is read or merged', async () => {
    const origin = new Transmission().refuse('second').take();
    const clock = new VirtualClock();
    const from = clock.now();
    const events: string[] = [];
    const onEvent = ({ kind }: RecoveryEvent): unknown => events.push(kind);
    const response = await recovering(
      origin,
      { ...route, onEvent },
      clock,
    )(address, post({ [name]: 'first' }));
    expect(origin.tokens).toEqual(['first', 'second']);
    expect(origin.log).toEqual(['POST 409', 'POST 200']);
    const [first, second] = origin.requests;
    expect(await second?.text()).toBe(await first?.text());
    expect(second?.headers.get('idempotency-key')).toBe('one');
    expect(clock.now()).toBe(from);
    expect(events).toEqual(['write', 'resend', 'write', 'end']);
    expect(reportOf(response)).toMatchObject({
      outcome: 'applied',
      attempts: [{ status: 409 }, { status: 200 }],
    });
  });

  it('is how a client that has no token gets its first', async () => {
    const origin = new Transmission().refuse('second').take();
    const response = await recovering(origin, route)(address, post());
    expect(origin.tokens).toEqual([null, 'second']);
    expect(response.status).toBe(200);
  });

  it('shows its token to nobody but the server', async () => {
    const origin = new Transmission().refuse('secret-2').take();
    const told: unknown[] = [];
    const onEvent = (event: RecoveryEvent): unknown => told.push(event);
    const response = await recovering(origin, { ...route, onEvent })(address, post({ [name]: 'secret-1' }));
    expect(JSON.stringify([told, reportOf(response)])).not.toContain('secret');
  });

  it('that shows the token which it refuses ends as no progress', async () => {
    const origin = new Transmission().refuse('second').refuse('second');
    const response = await recovering(origin, route)(address, post());
    expect(origin.tokens).toEqual([null, 'second']);
    expect(response.status).toBe(409);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'no-progress', maybeApplied: false });
  });

  it('ends where it shows none, and where the route names none', async () => {
    const classify = () => ({ kind: 'resend' }) as never;
    const nameless = { defaults: { ...route.defaults, server: { conflictStatuses: [409], classify } } };
    for (const [options, shown, lacks] of [
      [route, undefined, 'It shows no X-Transmission-Session-Id'],
      [nameless, 'second', 'It shows no header to resend'],
    ] as const) {
      const origin = new Transmission().refuse(shown);
      const response = await recovering(origin, options)(address, post());
      expect(origin.requests).toHaveLength(1);
      const report = reportOf(response);
      expect(report).toMatchObject({ code: 'no-version' });
      expect(report.outcome === 'failed' && report.message).toContain(lacks);
    }
  });

  it('is bounded by the limit, and waits from the second on', async () => {
    const origin = new Transmission();
    for (const token of ['a', 'b', 'c', 'd']) origin.refuse(token);
    const clock = new VirtualClock();
    const from = clock.now();
    const response = await recovering(
      origin,
      { ...route, defaults: { ...route.defaults, retry: 3 } },
      clock,
    )(address, post());
    expect(origin.tokens).toEqual([null, 'a', 'b', 'c']);
    expect(reportOf(response)).toMatchObject({ code: 'retry-limit' });
    expect(clock.now()).toBeGreaterThan(from);
  });

  it('is bounded by the whole time', async () => {
    const origin = new Transmission();
    for (const token of ['a', 'b', 'c', 'd']) origin.refuse(token);
    const options = {
      defaults: { ...route.defaults, retry: { limit: 100, jitter: false }, totalTimeout: 150 },
    };
    const response = await recovering(origin, options)(address, post());
    expect(reportOf(response)).toMatchObject({ code: 'timeout' });
    expect(origin.requests.length).toBeLessThan(5);
  });

  it('is bounded by the budget', async () => {
    const origin = new Transmission();
    for (const token of ['a', 'b', 'c', 'd']) origin.refuse(token);
    const options = {
      defaults: { ...route.defaults, retry: 100 },
      budget: { tokens: 2, conflictCost: 1 },
    };
    const response = await recovering(origin, options)(address, post());
    expect(reportOf(response)).toMatchObject({ code: 'retry-budget' });
    expect(origin.requests.length).toBeLessThan(5);
  });

  it('is never met from another address: the token would go there', async () => {
    const origin = new Transmission().once('POST', () => {
      const answer = new Response(null, { status: 409, headers: { [name]: 'evil' } });
      Object.defineProperty(answer, 'redirected', { value: true });
      return answer;
    });
    const response = await recovering(origin, route)(address, post());
    expect(origin.requests).toHaveLength(1);
    expect(reportOf(response)).toMatchObject({ code: 'redirect' });
  });

  it('says nothing of an answer that got lost: a token is no version', async () => {
    const origin = new Transmission().lose('POST', 'before');
    const init = { method: 'POST', body, headers: { [name]: 'first' } };
    const error = await rejectionOf(recovering(origin, route)(address, init));
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown' });
    expect(origin.log).toEqual(['POST lost']);
  });
});
