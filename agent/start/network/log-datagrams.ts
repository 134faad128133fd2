// Hears what kernels of nodes say by netconsole, and syslog where it is wanted; and what boot loaders say of their consoles.
import type { Config } from '../../config/config.ts';
import type { Consoles } from '../../consoles/consoles.ts';
import type { LogStreams } from '../../handlers/nodes/on-log-stream.ts';
import { startConsoleDatagrams } from '../../net/logs/console-datagrams.ts';
import type { ConsoleEar } from '../../net/logs/console-ear.ts';
import { type DatagramOptions, startDatagrams } from '../../net/logs/datagrams.ts';
import { ipxeLine } from '../../protocol/logs/ipxe-syslog.ts';
import { netconsoleLine } from '../../protocol/logs/netconsole.ts';
import { syslogLine } from '../../protocol/logs/syslog.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = Pick<DatagramOptions, 'isServed' | 'publish' | 'onLimit'> & {
  readonly streams: Pick<LogStreams, 'open'>;
  readonly consoles: Pick<Consoles, 'setInput'>;
  readonly ear: ConsoleEar;
  readonly problem: Problem;
};

/** @param address the server's on walt-net */
export async function startLogDatagrams(
  { ports, log }: Pick<Config, 'ports' | 'log'>,
  address: string,
  { streams, consoles, ear, problem, ...asked }: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const openLogs: DatagramOptions['openLogs'] = (from, head) => streams.open(from, head);
  const parts = { ...asked, address, openLogs };
  const kernels = { stream: 'netconsole', lineOf: netconsoleLine, port: ports.netconsole };
  const netconsole = await startDatagrams({
    ...{ ...parts, ...kernels },
    onPacket: (bytes, from) => {
      const mac = ear.fromAddress(
        from,
        'kernel',
        Buffer.from(netconsoleLine(textOf(bytes)), 'latin1'),
      );
      // U-Boot has ended where a kernel speaks.
      if (mac !== undefined) consoles.setInput(mac, 'u-boot', undefined);
    },
  });
  services.defer(() => netconsole.close());
  const programs = { stream: 'syslog', lineOf: syslogLine, port: ports.syslog };
  const syslog = await startDatagrams({
    ...{ ...parts, ...programs, isUnlogged: !log.syslog },
    onPacket: (bytes, from) => {
      const line = ipxeLine(textOf(bytes));
      if (line !== undefined) ear.fromAddress(from, 'ipxe', Buffer.from(`${line}\n`, 'latin1'));
    },
  });
  services.defer(() => syslog.close());
  const loaders = await startConsoleDatagrams({
    ...{ address, port: ports.console, ear, isServed: asked.isServed },
    onLoader: (mac, type) => consoles.setInput(mac, 'u-boot', { type }),
    onProblem: problem('consoles'),
  });
  services.defer(() => loaders.close());
}

/** A character for each byte. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
