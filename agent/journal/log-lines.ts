// What users read in `walt log show --platform`: one line an event, in the words that scripts match.
import type { ServerEvent } from '../events/event.ts';

export type LogLine = { readonly stream: string; readonly line: string };

/** The log line of an event, or undefined for one that is recorded elsewhere only. */
export function logLine(event: ServerEvent): LogLine | undefined {
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
    case 'renamed': {
      const why = event.isAutomatic ? ' for clarity' : '';
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
      return { stream: 'platform.nodes', line: `node ${event.name} does not start: ${event.text}` };
    case 'image-warning':
      return devices(`image ${event.image}: ${event.text}`);
    case 'image-step':
      return { stream: 'platform.images', line: `image ${event.image}: ${event.step}` };
    case 'image-failed':
      return {
        stream: 'platform.images',
        line: `image ${event.image}: ${event.reason} (next try in ${event.seconds} s)`,
      };
    case 'address-declined':
      return devices(`${event.mac} found ${event.ip} in use by another machine; it is set aside`);
    case 'no-address-left':
      return devices(
        `no address left on this network for ${event.mac}` +
          (event.others > 0 ? ` (and ${event.others} more requests since this was last said)` : ''),
      );
    case 'forgotten': {
      const { name, mac, ip } = event.device;
      return devices(
        `forgot ${name} mac=${mac}: its lease is over and its address ${ip} is needed`,
      );
    }
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
        line: `refused '${event.path}' to ${event.from}: ${event.reason}`,
      };
    case 'problem':
      return { stream: `daemon.${event.source}`, line: event.message };
    case 'signal':
    case 'new-root':
    case 'ignored':
      return undefined;
  }
}

function devices(line: string): LogLine {
  return { stream: 'platform.devices', line };
}
