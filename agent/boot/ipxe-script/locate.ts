// Which file of the image a URI in a script means.

/**
 * Path below /boot/<model>/; undefined for a file that is not the image's.
 * @param folder of the script that names it, empty or with a slash at its end
 */
export function locate(uri: string, { server, folder }: { server: string; folder: string }) {
  const [, scheme, host = '', rest = ''] = /^([a-z]+):\/\/([^/]*)(.*)$/i.exec(uri) ?? [];
  if (scheme !== undefined) {
    if (host.replace(/:\d+$/, '') !== server) return undefined;
    if (/^https?$/i.test(scheme)) return tidy(rest.replace(/^\/+boot\//, '').split('?')[0] ?? '');
    return scheme.toLowerCase() === 'tftp' ? tidy(rest) : undefined;
  }
  if (/^[a-z]+:/i.test(uri)) return undefined;
  return uri.startsWith('/') ? tidy(uri.replace(/^\/boot\//, '')) : tidy(folder + uri);
}

/** Without empty parts and `.`; what leads above the folder is no file of the image. */
function tidy(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join('/');
}
