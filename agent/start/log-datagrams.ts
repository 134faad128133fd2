// Hears what kernels of nodes say by netconsole, and syslog where it is wanted.
import type { Config } from '../config/config.ts';
import type { LogStreams } from '../handlers/on-log-stream.ts';
import { type DatagramOptions, startDatagrams } from '../net/logs/datagrams.ts';
import { netconsoleLine } from '../protocol/logs/netconsole.ts';
import { syslogLine } from '../protocol/logs/syslog.ts';

type Parts = Pick<DatagramOptions, 'isServed' | 'publish' | 'onLimit'> & {
  readonly streams: Pick<LogStreams, 'open'>;
};

/** @param address the server's on walt-net */
export async function startLogDatagrams(
  { ports, log }: Pick<Config, 'ports' | 'log'>,
  address: string,
  { streams, ...asked }: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const openLogs: DatagramOptions['openLogs'] = (from, head) => streams.open(from, head);
  const parts = { ...asked, address, openLogs };
  const kernels = { stream: 'netconsole', lineOf: netconsoleLine, port: ports.netconsole };
  const netconsole = await startDatagrams({ ...parts, ...kernels });
  services.defer(() => netconsole.close());
  if (!log.syslog) return;
  const programs = { stream: 'syslog', lineOf: syslogLine, port: ports.syslog };
  const syslog = await startDatagrams({ ...parts, ...programs });
  services.defer(() => syslog.close());
}
