// The one schema of the server's configuration: type, default, check and help of every key.
// `docs/configuration.md` and `walt-server --help` are made from it.
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { api } from './sections/api.ts';
import { media, pxe, rpi } from './sections/files.ts';
import { listenPlace } from './sections/forms.ts';
import { images, nfs, persist } from './sections/images.ts';
import { log, ports } from './sections/log.ts';
import { dhcp, dns, network, time } from './sections/network.ts';
import { boot, events, power } from './sections/nodes.ts';

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
      if (!onWaltNet && (host === own || host === '0.0.0.0' || /^[0:]*$/.test(host))) {
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
