// What users read in `walt log show --platform`, in the words that scripts match. Most events have one line.
import type { EventOf, ServerEvent } from '../events/event.ts';

/** A line before it has its number and its time. */
export type LogLine = { readonly stream: string; readonly line: string };

/** The log lines of an event: none of one that is recorded elsewhere only. */
export function logLines(event: ServerEvent): readonly LogLine[] {
  if (event.kind === 'boot') return bootLines(event);
  const line = logLine(event);
  return line === undefined ? [] : [line];
}

function bootLines({ name, signal, before, state, endedBefore }: EventOf<'boot'>): LogLine[] {
  const lines: LogLine[] = [];
  if (endedBefore !== undefined) {
    lines.push(nodes(`node ${name} is down (cause: ${endedBefore}, method: dhcp)`));
  }
  // A node that was booted before the server was restarted, and still is, has not booted again.
  const isNews = before !== state && before !== 'unconfirmed';
  if (signal.kind === 'booted' && isNews) lines.push(nodes(`node ${name} is booted`));
  if (signal.kind === 'down' && before !== state) {
    lines.push(nodes(`node ${name} is down (cause: ${signal.cause}, method: ${signal.method})`));
  }
  return lines;
}

/** Characters of a path: a request may have thousands. */
const LONGEST_PATH = 200;

function beginningOf(path: string): string {
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH)}…`;
}

/** Names in one line: a command may run on hundreds of nodes. */
const MOST_NAMES = 10;

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `node${names.length === 1 ? '' : 's'} ${shown}${more}`;
}

const CHOICES = {
  acquire: (by: string, image: string) => `acquired by ${by}: it boots ${image}`,
  release: (by: string, image: string) => `released by ${by}: it boots ${image}`,
  boot: (by: string, image: string) => `given ${image} by ${by}`,
} as const;

function logLine(event: Exclude<ServerEvent, { kind: 'boot' }>): LogLine | undefined {
  switch (event.kind) {
    case 'new-device': {
      const { name, type, mac, ip } = event.device;
      return devices(`new device name=${name} type=${type} mac=${mac} ip=${ip}`);
    }
    case 'new-node': {
      const { name, model, mac, ip } = event.node;
      const how = event.wasUnknown ? ' (device type previously unknown)' : '';
      return devices(`new node${how} name=${name} model=${model} mac=${mac} ip=${ip}`);
    }
    case 'placed':
      return devices(`${event.device} is behind port ${event.port} of ${event.switch}`);
    case 'switch-recognised':
      return devices(
        `${event.device} is a switch, as ${event.by} hears by LLDP. It is not asked yet: walt help show switch-install`,
      );
    case 'renamed': {
      const why = event.by === undefined ? ' for clarity' : ` by ${event.by}`;
      return devices(`renamed ${event.from} to ${event.to}${why}`);
    }
    case 'no-image':
      return devices(
        `Device ${event.device.name} is a walt node of type '${event.model}', for which there is no image yet. ` +
          `It keeps trying; the server looks for one in its registries (walt device show says how it stands).`,
      );
    case 'image-ready':
      return devices(`image ${event.image} is ready for ${event.models.join(', ')}`);
    case 'start-trouble':
      return nodes(`node ${event.name} does not start: ${event.text}`);
    case 'boots-fail':
      return nodes(`node ${event.name} does not come up: ${event.text}`);
    case 'image-chosen':
      return nodes(`node ${event.node} is ${CHOICES[event.how](event.by, event.image)}`);
    case 'healing':
      return nodes(`node ${event.node} ${event.text}`);
    case 'healing-paused':
      return nodes(pausedText(event));
    case 'healing-held':
      return nodes(heldText(event));
    case 'configured':
      return configuredLine(event);
    case 'local-start-chosen':
      return nodes(`node ${event.node} is told by ${event.by} to start from its own disk`);
    case 'reboot-asked':
      return nodes(
        `${event.isHard ? 'hard ' : ''}reboot of node ${event.node} asked for by ${event.by}`,
      );
    case 'login-refused': {
      const who = event.user === undefined ? 'sign-in by OpenID' : `login as '${event.user}'`;
      return { stream: 'audit', line: `${who} from ${event.from}: ${event.reason}` };
    }
    case 'call-made': {
      const { by, role, from, call, about, outcome } = event;
      const what = about === '' ? call : `${call} ${about}`;
      const where = from === '' ? 'the socket' : from;
      return { stream: 'audit', line: `${by} (${role}) from ${where}: ${what}: ${outcome}` };
    }
    case 'entered':
      return nodes(`${event.by} ${event.what} ${namesText(event.nodes)}`);
    case 'power-asked':
      return nodes(`power ${event.verb} of node ${event.node} asked for by ${event.by}`);
    case 'port-mended': {
      const what =
        event.error === null ? 'was left off by the server, and is on again' : 'is still off';
      const why = event.error === null ? '' : `: ${event.error}`;
      return { stream: 'platform.power', line: `${event.text} ${what}${why}` };
    }
    case 'power-saved':
      return nodes(
        event.error === null
          ? `node ${event.node} is switched off to save power: it is free, and nobody has used it for ${event.minutes} minutes`
          : `node ${event.node} could not be switched off to save power: ${event.error}`,
      );
    case 'power-output':
      return { stream: 'platform.power', line: `${event.verb} of ${event.node}: ${event.line}` };
    case 'machine-made':
      return nodes(`virtual node ${event.node} is created by ${event.by}`);
    case 'machine-removed':
      return nodes(`virtual node ${event.node} is removed by ${event.by}`);
    case 'machine-said':
      return nodes(`virtual node ${event.node} ${event.text}`);
    case 'image-warning':
      return devices(`image ${event.image}: ${event.text}`);
    case 'image-step':
      return { stream: 'platform.images', line: `image ${event.image}: ${event.step}` };
    case 'hot-pack':
      return {
        stream: 'platform.images',
        line: `image ${event.image}: what ${event.model} reads of it to boot is sent in one pack of ${(event.bytes / 1e6).toFixed(1)} MB from now on`,
      };
    case 'image-failed':
      return {
        stream: 'platform.images',
        line: `image ${event.image}: ${event.reason} (next try in ${event.seconds} s)`,
      };
    case 'double-boot': {
      const { name, ip, mac } = event.node;
      return devices(
        `ANOTHER MACHINE BOOTS WITH THE MAC OF NODE ${name}: the node is up at ${ip} and answers, while a boot loader with ` +
          `its MAC (${mac}) asks for an address. Two machines have the same MAC, or somebody forges packets: ask the ` +
          'switch at which ports it sees that MAC. The loader gets no answer, and nothing of the node changes.',
      );
    }
    case 'address-declined':
      return devices(`${event.mac} found ${event.ip} in use by another machine; it is set aside`);
    case 'no-address-left':
      return devices(
        `no address left on this network for ${event.mac}` +
          (event.others > 0 ? ` (and ${event.others} more requests since this was last said)` : ''),
      );
    case 'forgotten': {
      const { name, mac, ip } = event.device;
      if (event.by !== undefined)
        return devices(`${event.by} made the server forget ${name} mac=${mac}`);
      return devices(
        `forgot ${name} mac=${mac}: its lease is over and its address ${ip} is needed`,
      );
    }
    case 'passers-by-forgotten':
      return devices(passersByText(event));
    case 'address-conflict':
      return devices(
        `address ${event.ip} is in use by ${event.mac}, which was never given it; it is set aside`,
      );
    case 'false-answers':
      return devices(
        `${event.mac} answers ARP for everybody (for ${event.count} addresses that it was never given): ` +
          'a switch or router with proxy ARP, or a broken machine. Its answers are ignored. Switch proxy ARP off there, ' +
          'or unplug it: machines that check an address before they use it refuse every one until then.',
      );
    case 'other-dhcp-server':
      return devices(
        `another DHCP server is on this network: ${event.address} (mac=${event.mac ?? 'unknown'}). ` +
          'Stop it, or set dhcp.mode to proxy.',
      );
    case 'new-mac':
      return {
        stream: 'platform.images',
        line: `the MAC of ${event.address} is ${event.mac} now: the next boots get their templates filled in with it`,
      };
    case 'refused-file':
      return {
        stream: 'platform.files',
        line: `refused '${beginningOf(event.path)}' to ${event.from}: ${event.reason}`,
      };
    case 'limit-reached': {
      const more = event.others > 0 ? ` (and ${event.others} more since this was last said)` : '';
      const line = `${event.server}: ${event.from} ${event.sentence}${more}`;
      return { stream: 'platform.limits', line };
    }
    case 'clock-set':
      return { stream: 'daemon.clock', line: clockText(event.by) };
    case 'disk':
      return { stream: 'daemon.disk', line: diskText(event) };
    case 'problem':
      return { stream: `daemon.${event.source}`, line: event.message };
    case 'signal':
    case 'device-changed':
    case 'ignored':
      return undefined;
  }
}

function pausedText({ reason }: EventOf<'healing-paused'>): string {
  if (reason === undefined) return 'nodes that do not come up are helped again';
  return `no node is helped for now: ${reason}`;
}

function heldText({ switch: name, isOver }: EventOf<'healing-held'>): string {
  if (isOver) return `switch ${name} answers again: nodes behind it are helped again`;
  return `switch ${name} does not answer: nodes behind it that do not come up are not helped for now`;
}

function configuredLine({ device, changes, by }: EventOf<'configured'>): LogLine {
  const list = changes.map(({ key, from, to, isHidden }) =>
    isHidden ? `${key} is another (not shown)` : `${key}=${to} (was ${from || 'empty'})`,
  );
  const line = `${device.name} is configured by ${by}: ${list.join(', ')}`;
  return device.type === 'node' ? nodes(`node ${line}`) : devices(`device ${line}`);
}

function nodes(line: string): LogLine {
  return { stream: 'platform.nodes', line };
}

function devices(line: string): LogLine {
  return { stream: 'platform.devices', line };
}

/** One line for all of them, however many there are. */
function passersByText({ devices: gone, why }: EventOf<'passers-by-forgotten'>): string {
  const first = gone.slice(0, 3).map(({ name, mac }) => `${name} mac=${mac}`);
  const more = gone.length > first.length ? ` and ${gone.length - first.length} more` : '';
  const reason =
    why === 'age'
      ? 'nothing was heard of them for 30 days'
      : 'more than 80 % of the addresses of this network are taken';
  return `forgot ${first.join(', ')}${more}, which never asked for more than an address: ${reason}`;
}

const MAKE_ROOM =
  'Make room: walt image gc --unused lists what images take. A full disk serves the nodes that are known, and takes nothing new.';

function diskText({ folder, state, free }: EventOf<'disk'>): string {
  switch (state) {
    case 'fine':
      return `the disk of ${folder} has room again`;
    case 'low':
      return `the disk of ${folder} gets full: ${Math.floor(free / 1e6)} MB are left. ${MAKE_ROOM}`;
    case 'full':
      return `the disk of ${folder} is full. ${MAKE_ROOM}`;
    case 'read-only':
      return `the disk of ${folder} is read-only: nodes that are known boot, and nothing new is taken. Look for errors of the disk (dmesg).`;
  }
}

/** @param by microseconds */
function clockText(by: number): string {
  const seconds = Math.round(Math.abs(by) / 1_000_000);
  const how = by > 0 ? 'forwards' : 'back';
  return `the clock of the server was set ${how} by ${seconds} s: the lines since the server started have the new time too`;
}
