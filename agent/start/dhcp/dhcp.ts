// What answers DHCP: as the server of walt-net's addresses, or beside another one.
import type { DhcpConfig, DhcpParts } from './dhcp-parts.ts';
import { type Learn, startDhcpProxy } from './dhcp-proxy.ts';
import { type Reserve, startDhcpServer } from './dhcp-server.ts';

/** Starts to answer as `dhcp.mode` says; what ends it is added to `services`. */
export async function startDhcp(
  config: DhcpConfig,
  parts: DhcpParts,
  services: AsyncDisposableStack,
): Promise<{ readonly learn?: Learn; readonly reserveAddress?: Reserve }> {
  if (config.dhcp.mode === 'proxy') return { learn: await startDhcpProxy(config, parts, services) };
  return { reserveAddress: await startDhcpServer(config, parts, services) };
}
