import { field } from '../core/version.ts';
import { valueAt } from '../core/pointer.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Kubernetes: objects at `…/:plural/:name`. The version is `metadata.resourceVersion`: a PUT or a PATCH has it in its
 * body, a DELETE in the preconditions of its `DeleteOptions`. `create` sends a POST to the collection.
 *
 * A conflict about another object, such as a quota, waits, and the same request is sent again; a PUT without a version
 * is refused by some kinds (`metadata.resourceVersion: must be specified for an update`).
 *
 * A server-side apply that is refused because of another manager's fields is not a stale version: it is never merged.
 *
 * Sources: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions,
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts, https://github.com/helm/helm/issues/9710 (a
 * quota's conflict), https://github.com/kubernetes-sigs/controller-runtime/issues/736 (a PUT without a version), and the reasons in
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason and #CauseType
 */
export function kubernetes(): Server {
  return {
    name: 'kubernetes',
    version: {
      read: field('/metadata/resourceVersion'),
      write: field('/metadata/resourceVersion'),
      remove: field('/preconditions/resourceVersion'),
    },
    conflictStatuses: [409],
    classify({ url }, body) {
      if (isManagedElsewhere(body)) return 'final';
      if (isOfAnother(body, url)) return 'in-progress';
      return verdictOf(textAt(body, '/reason'), { open: ['Conflict', 'AlreadyExists'] });
    },
    create: { method: 'POST', at: (url) => new URL(url.pathname.replace(/\/[^/]*$/, '') + url.search, url) },
    readOnly: [
      '/metadata/resourceVersion',
      '/metadata/uid',
      '/metadata/generation',
      '/metadata/creationTimestamp',
      '/metadata/deletionTimestamp',
      '/metadata/managedFields',
      '/metadata/selfLink',
      '/status',
    ],
  };
}

/** Whether a conflict is about another object, such as a quota that others use up at the same time. */
function isOfAnother(body: unknown, url: string): boolean {
  const [kind, name] = [textAt(body, '/details/kind'), textAt(body, '/details/name')];
  if (textAt(body, '/reason') !== 'Conflict' || kind === undefined || name === undefined || url === '')
    return false;
  return !new URL(url).pathname.includes(`/${kind}/${name}`);
}

function isManagedElsewhere(body: unknown): boolean {
  const causes = valueAt(body, ['details', 'causes']);
  return Array.isArray(causes) && causes.some((cause) => textAt(cause, '/reason') === 'FieldManagerConflict');
}
