// The one schema of the server's configuration: type, default, check and help of every key.
// `docs/configuration.md` and `walt-server --help` are made from it.
import { isIP } from 'node:net';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { parseCidr } from '../protocol/ip.ts';

const cidr = z
  .string()
  .refine(isCidr, 'expected an IPv4 address with its prefix, as 192.168.152.1/24');
const port = z.int().min(1).max(65535);

const network = z.strictObject({
  interface: z
    .string()
    .regex(/^[^\s/]{1,15}$/, 'expected the name of a network interface, at most 15 characters')
    .default('walt-net')
    .describe(
      'Interface (or bridge) that leads to the nodes. DHCP is heard and answered there only.',
    ),
  namespace: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'expected the name of a network namespace: letters, digits, dots, hyphens',
    )
    .optional()
    .describe(
      'Virtual walt-net: the server makes a network namespace of this name with bridge `interface` in it, and lives ' +
        'there. Virtual nodes alone are on it, and the network of this machine is left as it is. Without this key ' +
        '`interface` is one of this machine.',
    ),
  address: cidr
    .default('192.168.152.1/24')
    .describe('Address of the server on walt-net, with the prefix length of the network.'),
  domain: z
    .string()
    .regex(
      /^(?=.{1,190}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i,
      'expected the name of a domain, as walt or lab.example.org',
    )
    .default('walt')
    .describe('DNS domain given to the nodes. Their names in it, and no others, are found there.'),
  netsetup: z
    .enum(['LAN', 'NAT'])
    .default('LAN')
    .describe(
      'Whether devices reach other networks through the server (NAT), or walt-net alone (LAN), unless their setting ' +
        '`netsetup` says otherwise.',
    ),
});

const dns = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Serve the names of devices and of the server on walt-net (port 53), and ask other resolvers for all else.',
    ),
  upstream: z
    .array(
      z
        .string()
        .refine(isResolver, 'expected an address, with a port where needed, as 192.0.2.1:5353'),
    )
    .optional()
    .describe(
      'Resolvers that are asked for names of elsewhere (default: those of /etc/resolv.conf, as it is at that moment). ' +
        'With an empty list nobody is asked: such names are refused.',
    ),
});

const time = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Tell machines on walt-net the time (SNTP, port 123).'),
  trust: z
    .enum(['auto', 'yes'])
    .default('auto')
    .describe(
      'Whether the clock of this machine is right: `auto` asks the kernel, which knows it of chrony, ntpd or ' +
        'systemd-timesyncd. While it is not right nobody is told the time.',
    ),
});

const dhcp = z.strictObject({
  mode: z
    .enum(['server', 'proxy'])
    .default('server')
    .describe(
      'Whether this server gives out the addresses of walt-net, or another DHCP server does: then only boot ' +
        'loaders are answered, and told who to boot from.',
    ),
  probe: z
    .boolean()
    .default(true)
    .describe('Ask walt-net whether an address is in use before a new device is offered it.'),
  leaseSeconds: z
    .int()
    .min(60)
    .default(86_400)
    .describe('Length of a lease in seconds. A node keeps its address for good all the same.'),
  answerIpv6: z
    .boolean()
    .default(true)
    .describe(
      'Tell machines that look for an IPv6 router that there is none: boot loaders wait many seconds for one. ' +
        'Only where this server gives out the addresses. Set it to false if walt-net has IPv6.',
    ),
});

const nfs = z.strictObject({
  backend: z
    .enum(['auto', 'kernel', 'ganesha'])
    .default('auto')
    .describe(
      'NFS server: the kernel one, nfs-ganesha, or whichever this machine has (kernel first).',
    ),
});

const persist = z.strictObject({
  megabytes: z
    .int()
    .min(16)
    .max(1_048_576)
    .default(1024)
    .describe(
      'Size in MiB of what a node may keep for one owner (setting `mount.persist`). It is taken from the disk of `state` ' +
        'when a node first has it; a change is for those that are made later.',
    ),
});

const registryName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected a short name in lower case, as hub')
  .describe('How people and messages call it.');

const registryAddress = z
  .string()
  .regex(
    /^[A-Za-z0-9.[\]:-]+(\/[A-Za-z0-9._/-]+)?$/,
    'expected host, host:port or host/path, without https://',
  );

const folderRegistry = z.strictObject({
  name: registryName,
  folder: z
    .string()
    .describe(
      'In place of an address: a folder of OCI archives, docker archives and OCI layouts on this machine. A ' +
        'relative path is below `state`.',
    ),
});

const remoteRegistry = z
  .strictObject({
    name: registryName,
    address: registryAddress.describe('Host, with port and path where needed, as `docker.io`.'),
    credentials: z
      .string()
      .optional()
      .describe(
        'File with `user:password` in its first line, or an auth.json as `skopeo login` writes it. Only root ' +
          'should be able to read it.',
      ),
    ca: z
      .string()
      .optional()
      .describe('File with the certificates (PEM) that its certificate may be signed by.'),
    http: z
      .boolean()
      .default(false)
      .describe('Speak plain HTTP. Only to an address of this machine, as `127.0.0.1:5000`.'),
    mirrors: z
      .array(registryAddress)
      .default([])
      .describe('Addresses that have the same images: asked first, in this order.'),
  })
  .refine(({ http, address, mirrors }) => !http || [address, ...mirrors].every(isLoopback), {
    path: ['http'],
    error: 'plain HTTP is for addresses of this machine only (127.0.0.1, [::1], localhost)',
  });

/** One entry of `images.registries`: a place that images come from. It has a `folder` of this machine or an `address`. */
export type Registry = z.output<typeof folderRegistry> | z.output<typeof remoteRegistry>;

const images = z.strictObject({
  defaultName: z
    .string()
    .includes('<model>')
    .default('waltplatform/<model>-default:latest')
    .describe(
      'Name of the default image of a model; `<model>` stands for the model, or for the name of several in one image.',
    ),
  overlay: z
    .string()
    .optional()
    .describe('Folder laid over every image (default: `buildroot-overlay` of this installation).'),
  registries: z
    .array(z.union([folderRegistry, remoteRegistry]))
    .default([
      { name: 'archives', folder: 'archives' },
      { name: 'hub', address: 'docker.io', http: false, mirrors: [] },
    ])
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
      error: 'two registries have the same name',
    })
    .describe('Where images are looked for, in this order.'),
  unusedDays: z
    .int()
    .min(1)
    .default(30)
    .describe('`walt image gc` offers images for removal that no node had for so many days.'),
  maxFiles: z
    .int()
    .min(1)
    .default(100_000)
    .describe('An image with so many files or more is refused.'),
  maxGigabytes: z
    .number()
    .positive()
    .default(20)
    .describe('An image that is larger than this, unpacked, is refused.'),
});

const pxe = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of what machines boot from without a stick (default: `release/dist/pxe` of this installation). ' +
        'Without it, PXE and UEFI HTTP boot get no boot file.',
    ),
});

const rpi = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of the files that Raspberry Pis boot from without a card: GPU firmware, config.txt, device trees, U-Boot ' +
        '(default: `release/dist/rpi` of this installation). Without it they get no boot file.',
    ),
});

const media = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of the boot media that people fetch at `/media/` and by `walt media` (default: `release/dist` of this ' +
        'installation). Without it there are none to fetch.',
    ),
});

const power = z.strictObject({
  command: z
    .string()
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe(
      'Program that switches the power of nodes whose setting `power.driver` is `command`. It is run as root, as ' +
        '`PROGRAM on|off|cycle|status NAME MAC IP ARGUMENT…`; the arguments are the words of setting `power.argument`. ' +
        'Status 0 means that it is done. With `status` it prints `on` or `off`.',
    ),
  commandSeconds: z
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('The program is ended after so many seconds, which counts as a failure.'),
  offAfterMinutes: z
    .int()
    .min(0)
    .max(525_600)
    .default(0)
    .describe(
      'A free node that is up and that nobody has used for so many minutes is switched off, where its power driver can turn it on ' +
        'again; it is woken when somebody wants it. 0: never. WalT 10 had 120.',
    ),
});

const boot = z.strictObject({
  heal: z
    .enum(['off', 'soft', 'on'])
    .default('on')
    .describe(
      'How nodes that do not come up are helped, unless their setting `boot.heal` says otherwise: not at all, by anything ' +
        'but their power, or by their power too, where a power driver can switch it.',
    ),
});

const events = z.strictObject({
  webhook: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' })
        .optional()
        .describe(
          'Where the server tells of nodes: a POST of JSON with `event`, `node`, `text` and `at` (microseconds since 1970). It is ' +
            'sent 5 times at most; redirects are not followed. Without it nobody is told.',
        ),
      of: z
        .array(z.enum(['quarantine', 'stays-down', 'healed', 'paused']))
        .default(['quarantine', 'stays-down'])
        .describe(
          'What it is told of: nodes that are left in quarantine, that stay down, that are up again after they were helped; and that ' +
            'no node is helped for now (`paused`).',
        ),
    })
    .prefault({}),
});

const api = z.strictObject({
  socket: z
    .string()
    .min(1)
    // A NUL ends the path of a socket, which has room for 108 bytes (unix(7), `sun_path`).
    .refine((path) => Buffer.byteLength(path) <= 107, 'a socket has a path of 107 bytes at most')
    .default('/run/walt/walt-server.sock')
    .describe('Unix socket on which the `walt` command finds the server.'),
  group: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Group whose members may use `walt`, which makes them as powerful as root there ' +
        '(default: `walt`, if this machine has such a group; else root alone).',
    ),
  listen: z
    .array(z.string().refine(isListenAddress, 'expected an address with a port, as 192.0.2.1:8443'))
    .default([])
    .describe(
      'Addresses on which other machines reach the API by HTTPS, as `192.0.2.1:8443` or `[2001:db8::1]:8443`; `0.0.0.0:8443` is ' +
        'all of IPv4. Users and tokens: `walt help show remote`.',
    ),
  onWaltNet: z
    .boolean()
    .default(false)
    .describe(
      'Whether `listen` may have addresses that nodes reach too: that of walt-net, or all.',
    ),
  names: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9.-]{1,253}$|^[0-9A-Fa-f:]{2,45}$/, 'expected a name or an address'),
    )
    .default([])
    .describe(
      'Further names and addresses by which other machines call the server: its certificate has them beside its host name and ' +
        'the addresses of `listen`.',
    ),
  certificate: z
    .strictObject({
      cert: z
        .string()
        .startsWith('/', 'expected an absolute path')
        .describe('Certificates (PEM), that of the server first.'),
      key: z.string().startsWith('/', 'expected an absolute path').describe('Its key (PEM).'),
    })
    .optional()
    .describe(
      'A certificate of your own for `listen`. Without it the server makes an authority at its first start, and one by that.',
    ),
});

const streamPattern = z
  .string()
  .regex(/^[A-Za-z0-9._-]+\*?$/, 'expected the name of a stream, or how names begin: my.*');

const log = z.strictObject({
  keepDays: z.int().min(1).default(90).describe('Log lines older than this many days are deleted.'),
  keepDaysOf: z
    .record(streamPattern, z.int().min(1))
    .default({})
    .describe(
      'The same for some streams, by name or by how names begin: `{ netconsole: 7, "results.*": 365 }`. The first one that fits holds.',
    ),
  maxMegabytes: z
    .int()
    .min(16)
    .default(2048)
    .describe(
      'Where the database is larger, the oldest lines that devices sent are deleted. Those of the server stay.',
    ),
  maxMegabytesOf: z
    .record(streamPattern, z.int().min(1))
    .default({})
    .describe(
      'Of some streams, by name or by how names begin, the oldest lines are deleted where those that fit have more together: `{ netconsole: 50, "results.*": 500 }`. The first one that fits holds.',
    ),
  syslog: z
    .boolean()
    .default(false)
    .describe(
      'Take messages of syslog (UDP) from nodes, as lines of their stream `syslog`: from devices that know nothing else.',
    ),
  debug: z.boolean().default(false).describe('Print each dropped packet and refused request too.'),
});

const ports = z.strictObject({
  tftp: port.default(69).describe('UDP port of TFTP.'),
  http: port.default(80).describe('TCP port of the boot files over HTTP.'),
  bootup: port.default(12347).describe('TCP port on which nodes say that they are booted.'),
  netconsole: port
    .default(12342)
    .describe('UDP port on which kernels of nodes say lines (netconsole).'),
  syslog: port
    .default(514)
    .describe('UDP port of syslog: what iPXE says, and all else where `log.syslog` is true.'),
  console: port
    .default(6666)
    .describe('UDP port of the consoles of boot loaders (U-Boot, EEPROM of Raspberry Pis).'),
  node: port.default(12346).describe('TCP port of the net service on the nodes.'),
});

/** All keys, by what they are for. `describe()` gives the help, `default()` the value where the file says nothing. */
export const configSchema = z.strictObject({
  state: z
    .string()
    .default('/var/lib/walt')
    .describe('Folder of everything that must outlive a restart: database, images, keys.'),
  network: network.prefault({}),
  dhcp: dhcp.prefault({}),
  dns: dns.prefault({}),
  time: time.prefault({}),
  nfs: nfs.prefault({}),
  persist: persist.prefault({}),
  images: images.prefault({}),
  pxe: pxe.prefault({}),
  rpi: rpi.prefault({}),
  media: media.prefault({}),
  power: power.prefault({}),
  boot: boot.prefault({}),
  events: events.prefault({}),
  api: api.prefault({}),
  log: log.prefault({}),
  ports: ports.prefault({}),
});

/** What keys say together. */
const wholeSchema = configSchema.superRefine(
  ({ api: { listen, onWaltNet }, network: net }, context) => {
    const [own] = net.address.split('/');
    const add = (index: number, message: string) =>
      context.addIssue({ code: 'custom', path: ['api', 'listen', index], message });
    for (const [index, text] of listen.entries()) {
      const host = listenPlace(text)?.host.replace(/^::ffff:/i, '');
      if (host === undefined) continue;
      if (net.namespace !== undefined) {
        add(
          index,
          'a server with a virtual walt-net (network.namespace) has no addresses of this machine',
        );
      } else if (!onWaltNet && (host === own || host === '0.0.0.0' || /^[0:]*$/.test(host))) {
        add(index, `nodes reach ${host}: name another address, or set api.onWaltNet`);
      }
    }
  },
);

/** A configuration in which every key has its value: what the file says, or the default. */
export type Config = z.output<typeof configSchema>;

/**
 * Reads a configuration written in YAML or JSON (which is YAML too).
 * @param text content of the file
 * @param file its name, for messages
 * @throws {ConfigError} naming file, key and line of everything that is wrong
 */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new ConfigError(`Cannot read configuration ${file}: ${syntax.message}`);
  }
  const result = wholeSchema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const node = document.getIn(issue.path as string[], true) as { range?: [number] } | undefined;
    const line = node?.range ? lines.linePos(node.range[0]).line : undefined;
    const where = line === undefined ? file : `${file}:${line}`;
    return `  ${where}: ${issue.path.join('.') || '(top)'}: ${issue.message}`;
  });
  throw new ConfigError(`Cannot use configuration ${file}:\n${complaints.join('\n')}`);
}

function isLoopback(address: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/.test(address);
}

/** Address and port of an entry of `api.listen`; undefined where it is none. */
export function listenPlace(text: string): { host: string; port: number } | undefined {
  const [, six, four = six ?? '', written] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(written);
  if (isIP(four) !== (six === undefined ? 4 : 6) || port < 1 || port > 65_535) return undefined;
  return { host: four, port };
}

function isListenAddress(text: string): boolean {
  return listenPlace(text) !== undefined;
}

function isResolver(text: string): boolean {
  const [, address = text, written = '53'] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? [];
  return isIP(address) !== 0 && Number(written) >= 1 && Number(written) <= 65_535;
}

function isCidr(text: string): boolean {
  try {
    const { prefixLength } = parseCidr(text);
    return prefixLength >= 8;
  } catch (thrown) {
    if (thrown instanceof TypeError || thrown instanceof RangeError) return false;
    throw thrown;
  }
}
