/** How a representation is merged: as a JSON value, as a string, or as bytes. */
export type MediaKind = 'json' | 'text' | 'bytes';

/** A content type without its parameters, in lower case (RFC 9110 §8.3.1). */
export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/**
 * The media type of what a write is about, or of what its patch is for: `''` where nobody says it. A patch of JSON is for
 * JSON, and what another one is for is not known.
 */
export function targetType(method: string, contentType: string | null | undefined): string {
  const type = mediaType(contentType ?? '');
  if (method !== 'PATCH') return type;
  return /[/+]json$/.test(type) ? 'application/json' : '';
}

/** What a content type is merged as, or `undefined` where there is none. */
export function mediaKind(contentType: string | null | undefined): MediaKind | undefined {
  const type = mediaType(contentType ?? '');
  if (!type) return undefined;
  if (/^(application|text)\/json$|\+json$/.test(type)) return 'json';
  if (/^text\/|[/+]xml$|^application\/(javascript|yaml|toml|x-www-form-urlencoded)$/.test(type))
    return 'text';
  return 'bytes';
}

/** Whether a content type says nothing of what a body is: none, or bytes of any kind, which is the same (RFC 9110 §8.3). */
export function isUntyped(contentType: string | null | undefined): boolean {
  return ['', 'application/octet-stream'].includes(mediaType(contentType ?? ''));
}

/** Whether a content type is that of a page for people, which a login or a proxy may show in the place of a resource. */
export function isPage(contentType: string | null): boolean {
  return ['text/html', 'application/xhtml+xml'].includes(mediaType(contentType ?? ''));
}
