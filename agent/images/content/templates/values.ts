// What templates of images can have filled in: the names of WalT's own server.
import { createHash } from 'node:crypto';

export type ServerValues = Readonly<Record<string, string>>;

/** WalT nodes ask this port for the time and report neighbours there; nothing of ours listens on it. */
const RPC_PORT = 12345;

/** @param server.mac of the interface with the address; undefined if no interface has it */
export function serverValues(server: {
  readonly ip: string;
  readonly mac: string | undefined;
  readonly bootupPort: number;
  readonly nodePort: number;
}): ServerValues {
  const { ip, mac, bootupPort, nodePort } = server;
  return {
    server_ip: ip,
    ...(mac === undefined ? {} : { server_mac: mac }),
    walt_server_rpc_port: String(RPC_PORT),
    walt_server_logs_port: String(bootupPort),
    walt_server_notify_bootup_port: String(bootupPort),
    walt_node_net_service_port: String(nodePort),
  };
}

/** @param image.digest with `sha256:` */
export function imageValues(image: { readonly digest: string; readonly sizeKib: number }) {
  return {
    walt_image_id: image.digest.replace(/^sha256:/, ''),
    walt_image_size_kib: String(image.sizeKib),
  };
}

/** @returns 8 hex digits that change with any value */
export function valuesVersion(values: ServerValues): string {
  const pairs = Object.entries(values).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 8);
}
