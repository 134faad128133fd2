/** Which path an HTTP request names (RFC 9112 §3.2). */

/** `http://host/path`, as clients write it that talk through a proxy; the host is whatever they take the server for. */
const absoluteForm = /^https?:\/\/[^/?#]+/i;

/**
 * The path of an origin-form or absolute-form target, decoded, without query, with one slash before it.
 * @returns undefined for a target that names no path, or whose percent-encoding is no text
 */
export function pathOfTarget(target: string): string | undefined {
  const [path = ''] = target.replace(absoluteForm, '').split(/[?#]/);
  const isAbsolute = absoluteForm.test(target);
  if (path === '' && isAbsolute) return '/';
  if (!path.startsWith('/')) return undefined;
  try {
    const decoded = decodeURIComponent(path.replace(/^\/+/, '/'));
    return decoded.includes('\0') ? undefined : decoded;
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}
