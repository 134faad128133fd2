// Where the seconds of a boot are: moments that the node's kernel wrote down, put on one clock with its power-on and with what its
// server saw.
import type { Lab } from '../../lab/lab.ts';

/** In the order in which they come; each ends where the next one begins. */
const PARTS = {
  firmware: 'firmware and boot loader, until it asks for an address',
  loader: 'address, start script, kernel and initrd',
  unpacking: 'kernel unpacks itself',
  kernel: 'kernel, until its first program',
  driver: 'driver of the card, and its link',
  mount: 'root file system',
  'walt-init': 'walt-init',
  systemd: 'systemd, until sshd answers',
} as const;

type Part = keyof typeof PARTS;
/** Seconds since power-on at which a part of a boot began; absent where a boot has no such moment. */
export type Parts = Readonly<Partial<Record<Part, number>>>;

/** What the kernel says at these moments. */
const MARKS = {
  driver: /^\[ *([\d.]+)\] Run \S+ as init process/m,
  mount: /^\[ *([\d.]+)\] .*\b(?:link becomes ready|NIC Link is Up)/m,
  systemd: /^\[ *([\d.]+)\] systemd\[1\]: systemd \d/m,
} as const;

type Booted = {
  readonly lab: Lab;
  readonly ip: string;
  /** name of the node; absent where it booted from its disk */
  readonly node?: string;
  /** when it was powered on, milliseconds since 1970 */
  readonly began: number;
};

/** Looks at a machine that is up, which does not disturb what was measured. */
export async function partsOf({ lab, ip, node, began }: Booted): Promise<Parts> {
  const asked = Date.now();
  const said = await lab.ssh(ip, 'cat /proc/uptime; dmesg');
  const uptime = Number(said.split(' ')[0]);
  // Half of the time that the question took is its way there.
  const zero = (asked + Date.now()) / 2 - uptime * 1000;
  const since = (ms: number) => (ms - began) / 1000;
  const marks = Object.entries(MARKS).flatMap(([part, form]) => {
    const [, seconds] = form.exec(said) ?? [];
    // Who boots from a disk waits for no link, which may come when its system runs.
    const isOfOthers = part === 'mount' && node === undefined;
    return seconds === undefined || isOfOthers
      ? []
      : [[part, since(zero + Number(seconds) * 1000)] as const];
  });
  const seen = node === undefined ? [] : await seenByServer(lab, node);
  const served = seen.map(([part, us]) => [part, since(us / 1000)] as const);
  return Object.fromEntries([['firmware', 0], ['kernel', since(zero)], ...marks, ...served]);
}

/**
 * What the parts took, for people.
 * @param boots of one way to boot, each with its end in seconds
 * @returns by title, the median of the seconds that it took; a boot that lacks the moment has it in the part before
 */
export function medianParts(
  boots: readonly { readonly parts: Parts; readonly seconds: number }[],
): Readonly<Record<string, number>> {
  const titles = Object.entries(PARTS) as [Part, string][];
  const taken = titles.map(([part, title]) => {
    const all = boots.map(({ parts, seconds }) => {
      const begun = titles.flatMap(([name]) => (parts[name] === undefined ? [] : [parts[name]]));
      const start = parts[part];
      if (start === undefined) return 0;
      const next = [...begun.filter((at) => at > start), seconds];
      return Math.min(...next) - start;
    });
    return [title, all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0] as const;
  });
  return Object.fromEntries(taken);
}

/** Moments by the server's clock, microseconds since 1970. */
async function seenByServer(lab: Lab, node: string): Promise<(readonly [string, number])[]> {
  const { stages } = JSON.parse(await lab.walt('node', 'show', node, '--json')) as {
    readonly stages: readonly {
      readonly at: number;
      readonly stage: string;
    }[];
  };
  const first = stages[0];
  const mounted = stages.find(({ stage }) => stage === 'mounted');
  const before = stages.filter(({ at }) => at < (mounted?.at ?? 0));
  const loaded = before.findLast(({ stage }) => stage === 'file');
  return [
    ...(first === undefined ? [] : [['loader', first.at] as const]),
    ...(loaded === undefined ? [] : [['unpacking', loaded.at] as const]),
    ...(mounted === undefined ? [] : [['walt-init', mounted.at] as const]),
  ];
}
