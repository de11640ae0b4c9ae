import { isRecord } from '../core/record.ts';
import { monitorNamedBy } from './monitor.ts';
import { poll, type Polling, type PollOptions } from './poll.ts';
import { provisioningStateIn, stateShownBy } from './state.ts';

/**
 * Operations of Azure Resource Manager and of Azure's services: `server: { accepted: azureLro() }`. The monitor is named by
 * `Azure-AsyncOperation`, `Operation-Location` or the `Location` of a 202, or is the resource itself, if its answer shows a
 * `provisioningState` on the way. `Succeeded`, `Failed` and `Canceled` end it.
 *
 * Sources: [Azure Resource Manager RPC, asynchronous operations](https://github.com/Azure/azure-resource-manager-rpc/blob/master/v1.0/async-api-reference.md),
 * [Azure API guidelines, long-running operations](https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#long-running-operations--jobs).
 *
 * @param options Other options of `poll`, such as `operationId: true` for a service that takes an `Operation-Id`.
 */
export function azureLro(options: PollOptions = {}): Polling {
  return poll({
    monitor({ url, response, body }) {
      const named = response && monitorNamedBy(response);
      if (named) return named.at;
      const state = isRecord(body) ? provisioningStateIn(body) : undefined;
      return typeof state === 'string' && !/^(succeeded|failed|canceled)$/i.test(state) ? url : undefined;
    },
    // Any other state is one on the way (Azure Resource Manager RPC).
    state: (response, body) => stateShownBy(response, body, 'status'),
    ...options,
  });
}
