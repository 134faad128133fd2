// What ssh(1) says when it cannot enter a node, as one sentence for a person.

/** Exit status of ssh(1) for a trouble of its own; a command of the node may end with it, too. */
export const SSH_FAILED = 255;

type Row = {
  readonly pattern: RegExp;
  readonly sentence: (node: { readonly name: string; readonly ip: string }) => string;
};

/** The first one that fits counts. */
const ROWS: readonly Row[] = [
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    sentence: ({ name, ip }) =>
      `Cannot enter ${name}: ${ip} shows another host key than the one that the server gave ${name}. Either another machine answers there, or the image keeps a host key of its own (walt help show access)`,
  },
  {
    pattern: /Permission denied|Too many authentication failures|no mutual signature/i,
    sentence: ({ name }) =>
      `Cannot enter ${name}: it does not take the server's key for root. Its sshd forbids root or keys, or /root/.ssh/authorized_keys was changed (walt help show access)`,
  },
  {
    pattern: /open failed: (?:connect failed|administratively prohibited)/,
    sentence: ({ name }) => `Nothing listens on this port of ${name}`,
  },
  {
    pattern: /Connection refused/,
    sentence: ({ name, ip }) =>
      `Cannot enter ${name}: no ssh server answers on ${ip}. It still boots, or its image has none (walt node show ${name})`,
  },
  {
    pattern:
      /timed out|No route to host|Network is unreachable|Host is down|Invalid argument|Connection timed out during banner/i,
    sentence: ({ name, ip }) =>
      `Cannot enter ${name}: ${ip} does not answer. It is off, or hangs (walt node show ${name})`,
  },
  {
    pattern:
      /Timeout, server .* not responding|Broken pipe|Connection (?:to .* )?(?:closed|reset)|kex_exchange_identification/i,
    sentence: ({ name }) =>
      `The connection to ${name} broke off: it went down, hangs, or its ssh server ended (walt node show ${name})`,
  },
];

/**
 * @param log what ssh wrote
 * @returns undefined where it says nothing of a trouble of its own
 */
export function sshComplaint(
  log: string,
  node: { readonly name: string; readonly ip: string },
): string | undefined {
  const row = ROWS.find(({ pattern }) => pattern.test(log));
  if (row !== undefined) return row.sentence(node);
  const last = log.trim().split('\n').at(-1) ?? '';
  return last === '' ? undefined : `Cannot enter ${node.name}: ${last}`;
}
