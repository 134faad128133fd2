// The kernel's table of TCP connections: /proc/net/tcp and /proc/net/tcp6, see proc(5).

/** One line of the table. */
export type TcpConnection = {
  /** IPv4 only; `undefined` where this end has an IPv6 address. */
  readonly localIp: string | undefined;
  readonly localPort: number;
  /** IPv4 only; `undefined` where the other end has an IPv6 address. */
  readonly remoteIp: string | undefined;
  readonly remotePort: number;
  readonly state: 'established' | 'listening' | 'other';
};

const STATES: Record<string, TcpConnection['state']> = { '01': 'established', '0A': 'listening' };

/**
 * Reads the text of one of the files, or of both together. Addresses there are u32 in the byte order of the
 * machine, which is little-endian wherever this server runs.
 * @param localPorts of the lines that are wanted; all unless given. Of thousands of connections few are looked at, each second
 */
export function tcpTable(text: string, localPorts?: ReadonlySet<number>): TcpConnection[] {
  return text.split('\n').flatMap((line) => {
    if (localPorts !== undefined && !localPorts.has(localPortOf(line))) return [];
    const [slot = '', local = '', remote = '', state = ''] = line.trim().split(/\s+/);
    if (!/^\d+:$/.test(slot)) return [];
    return [
      {
        localIp: ipOf(local),
        localPort: portOf(local),
        remoteIp: ipOf(remote),
        remotePort: portOf(remote),
        state: STATES[state] ?? 'other',
      },
    ];
  });
}

/** Behind the second colon of a line, NaN where there is none: `   0: 0100007F:0801 …`. */
function localPortOf(line: string): number {
  const at = line.indexOf(':', line.indexOf(':') + 1) + 1;
  return Number.parseInt(line.slice(at, at + 4), 16);
}

function portOf(endpoint: string): number {
  return Number.parseInt(endpoint.split(':')[1] ?? '', 16);
}

/** The last eight digits are the IPv4 address; 24 others before it must say that it is one (::ffff:a.b.c.d). */
function ipOf(endpoint: string): string | undefined {
  const [, mapped, digits] = /^([0-9A-F]{24})?([0-9A-F]{8}):/.exec(endpoint) ?? [];
  if (!digits || (mapped && mapped !== '0000000000000000FFFF0000')) return undefined;
  const bytes = digits.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}
