import type { Operation } from '../operation.ts';

/**
 * The monitor that an answer names: by `Operation-Location` or `Azure-AsyncOperation`, which show the operation's status
 * (Azure API guidelines, Azure Resource Manager RPC), or a 202 by `Location`, which shows the result once it is there.
 */
export function monitorNamedBy({
  headers,
  status,
}: Response): { readonly at: string; readonly shows: Operation['shows'] } | undefined {
  const named = headers.get('operation-location') ?? headers.get('azure-asyncoperation');
  if (named) return { at: named, shows: 'status' };
  const at = status === 202 ? headers.get('location') : null;
  return at ? { at, shows: 'result' } : undefined;
}
