/** How a representation is merged: as a JSON value, as a string, or as bytes. */
export type MediaKind = 'json' | 'text' | 'bytes';

/** How the bodies of a content type are read and written. */
export interface Format {
  /** Makes a JSON value of the text of a body. */
  readonly parse: (text: string) => unknown;
  /** Makes the text of a body of a JSON value. */
  readonly stringify: (value: unknown) => string;
}

/** A content type without its parameters, in lower case (RFC 9110 §8.3.1). */
export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/**
 * The media type of the resource that a write changes. `''` where the content type isn't known, or where the method is
 * PATCH and the content type isn't JSON: a patch in JSON is for a JSON resource, while the target of another patch
 * isn't known.
 */
export function targetType(method: string, contentType: string | null | undefined): string {
  const type = mediaType(contentType ?? '');
  if (method !== 'PATCH') return type;
  return /[/+]json$/.test(type) ? 'application/json' : '';
}

/** How a content type is merged, or `undefined` where there is no content type. */
export function mediaKind(contentType: string | null | undefined): MediaKind | undefined {
  const type = mediaType(contentType ?? '');
  if (!type) return undefined;
  if (/^(application|text)\/json$|\+json$/.test(type)) return 'json';
  if (/^text\/|[/+]xml$|^application\/(javascript|yaml|toml|x-www-form-urlencoded)$/.test(type))
    return 'text';
  return 'bytes';
}

/**
 * Whether a content type says nothing about a body: there is none, or it is the one for arbitrary bytes (RFC 9110
 * §8.3).
 */
export function isUntyped(contentType: string | null | undefined): boolean {
  return ['', 'application/octet-stream'].includes(mediaType(contentType ?? ''));
}

/** Whether a content type is that of a page for people, as a login or a proxy may show in place of a resource. */
export function isPage(contentType: string | null): boolean {
  return ['text/html', 'application/xhtml+xml'].includes(mediaType(contentType ?? ''));
}
