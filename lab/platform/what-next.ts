// What `npm start` prints when the platform is there: what to type, and how to end it.

/** The page for browsers, and by what the server is known there. */
export type Page = { readonly url: string; readonly fingerprint: string };

/** The lines, one a string. */
export function whatNext(platform: {
  /** The command `walt` of this platform, as it is typed. */
  readonly launcher: string;
  readonly namespace: string;
  readonly page: Page;
  /** The node that is booted; none where the server runs alone. */
  readonly node?: string;
  /** Whether it has the name that the platform gave it. */
  readonly isUnnamed?: boolean;
  /** Whether somebody can log in to the page. */
  readonly hasUser: boolean;
  /** Whether the program that was typed comes back: then ctrl-C ends nothing, and the terminal is free. */
  readonly isDetached: boolean;
  /** What ends it, as it is typed. */
  readonly stop: string;
}): string[] {
  const { launcher, namespace, node, page, isDetached, stop, hasUser } = platform;
  const isRenamed = node === undefined || platform.isUnnamed !== true;
  const where = isDetached ? 'What to type next:' : 'What to type next, in another terminal:';
  return [
    '',
    node === undefined ? `Ready. ${where}` : `${node} is booted. ${where}`,
    `  ${launcher} node show --all`,
    `  ${launcher} log show --platform --history -5m:`,
    ...(isRenamed ? [] : [`  ${launcher} device rename ${node} my-node`]),
    `  ip netns exec ${namespace} tcpdump -i walt-net`,
    '',
    `The page for browsers: ${page.url} (fingerprint ${page.fingerprint})`,
    ...(hasUser
      ? []
      : [`  ${launcher} user create admin --role admin --password    makes who logs in there`]),
    '',
    isDetached ? `${stop} ends the platform.` : `ctrl-C (or ${stop}) ends the platform.`,
  ];
}
