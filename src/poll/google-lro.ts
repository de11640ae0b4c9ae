import { isRecord } from '../core/record.ts';
import { poll, type Polling, type PollOptions } from './poll.ts';
import { stateShownBy } from './state.ts';

/**
 * Operations of Google's APIs: `server: { accepted: googleLro() }`. A write is answered by 200 and an operation; its `name`
 * below the version of the API, such as `/v1/operations/7`, is the monitor, and in Compute Engine its `selfLink`. `done` and
 * `error` end it; an error `ABORTED`, or a 412 of Compute Engine, is a conflict.
 *
 * Sources: [AIP-151](https://google.aip.dev/151),
 * [google.longrunning](https://github.com/googleapis/googleapis/blob/master/google/longrunning/operations.proto),
 * [Compute Engine, handling API responses](https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses).
 *
 * @param options Other options of `poll`.
 */
export function googleLro(options: PollOptions = {}): Polling {
  return poll({
    monitor({ url, body }) {
      if (!isRecord(body)) return undefined;
      const { kind, name, selfLink } = body;
      if (kind === 'compute#operation' && typeof selfLink === 'string') return selfLink;
      const isNamed = typeof name === 'string' && /(^|\/)operations\//.test(name);
      return isNamed ? `/${url.pathname.split('/')[1] ?? ''}/${name}` : undefined;
    },
    state(response, body) {
      if (!isRecord(body)) return undefined;
      // A member that is false isn't there (ProtoJSON).
      const isOver = body.kind === 'compute#operation' || body.done === true || !response.ok;
      return isOver ? stateShownBy(response, body, 'status') : 'running';
    },
    ...options,
  });
}
