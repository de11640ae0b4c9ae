import { writeLog } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

describe('a route that keeps a log of its writes', () => {
  const merge = ({ local }: { local: unknown }): unknown => local;
  const logged = { merge, writeId: writeLog('/writes', { keep: 3 }) };
  const state = (title: string, ...writes: string[]) => ({ title, writes });

  it('goes on with it, and keeps as many ids as it says', async () => {
    const origin = new Origin(state('Trip', 'a', 'b', 'c'));
    await recovering(origin, { defaults: logged })(url, put(state('Journey', 'a', 'b', 'c')));
    expect(origin.value).toEqual(state('Journey', 'b', 'c', 'id-1'));
  });

  it('proves that a write was made before those of others', async () => {
    const origin = new Origin(state('Trip', 'a')).lose('PUT', 'after').once('GET', () => {
      origin.change(state('Theirs', 'a', 'id-1', 'theirs'));
      return undefined;
    });
    const response = await recovering(origin, { defaults: logged })(url, put(state('Journey', 'a')));
    expect(reportOf(response).outcome).toBe('already-applied');
    expect(origin.value).toMatchObject({ title: 'Theirs' });
  });

  it('proves that a write was not made, so that it is merged as ever', async () => {
    const origin = new Origin(state('Trip', 'a')).lose('PUT', 'before').once('GET', () => {
      origin.change(state('Theirs', 'a', 'theirs'));
      return undefined;
    });
    const response = await recovering(origin, { defaults: logged })(url, put(state('Journey', 'a')));
    expect(reportOf(response).outcome).toBe('merged');
    expect(origin.value).toEqual(state('Journey', 'a', 'theirs', 'id-1'));
  });

  it('leaves in doubt what it no longer reaches back to', async () => {
    const origin = new Origin(state('Trip', 'a')).lose('PUT', 'before').once('GET', () => {
      origin.change(state('Theirs', 'x', 'y', 'z'));
      return undefined;
    });
    const error = await rejectionOf(
      recovering(origin, { defaults: logged })(url, put(state('Journey', 'a'))),
    );
    expect(error).toMatchObject({ code: 'outcome-unknown' });
  });
});
