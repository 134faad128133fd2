// What serves files to boot loaders, by TFTP and HTTP.

import type { BootBook } from '../boots/boot-book.ts';
import type { Config } from '../config/config.ts';
import type { ServerEvent } from '../events/event.ts';
import type { Publish } from '../events/publisher.ts';
import { FileTroubles } from '../handlers/file-troubles.ts';
import type { FileContext } from '../handlers/find-file.ts';
import { LocalStarts } from '../handlers/local-starts.ts';
import { onHttpFile, onHttpTransfer } from '../handlers/on-http-file.ts';
import { onMediaFile } from '../handlers/on-media-file.ts';
import { onStartRequest, type StartContext } from '../handlers/on-start-request.ts';
import { onTftpRead, onTftpTransfer } from '../handlers/on-tftp-read.ts';
import { Refusals } from '../handlers/refusals.ts';
import { StartTroubles } from '../handlers/start-troubles.ts';
import type { ImageStore } from '../images/intake/image-store.ts';
import type { MediaShelf } from '../media/media-shelf.ts';
import type { InheritedSockets } from '../net/bound-sockets.ts';
import { startHttpServer } from '../net/http/server.ts';
import type { OnLimit } from '../net/limits/table.ts';
import { startTftpServer } from '../net/tftp/server.ts';
import type { Subnet } from '../protocol/ip.ts';
import { askersOf } from './askers.ts';
import type { Departure } from './departure.ts';
import type { Learn } from './dhcp-proxy.ts';
import type { Problem } from './journal.ts';

/** What serving boot files stands on. */
export type FileParts = Pick<StartContext, 'registry' | 'detection'> & {
  readonly network: StartContext['network'] & { readonly subnet: Subnet };
  readonly onLimit: OnLimit;
  readonly images: ImageStore;
  readonly boots: Pick<BootBook, 'speakerOf'>;
  readonly publish: Publish;
  readonly problem: Problem;
  /** holds the Raspberry Pi's own files */
  readonly piFolder?: string;
  /** holds the PXE tree */
  readonly pxeFolder?: string;
  readonly learn?: Learn;
  readonly shelf: MediaShelf;
  readonly sockets: Pick<InheritedSockets, 'tftp' | 'http'>;
  readonly departure: Departure;
};

type FilesConfig = Pick<Config, 'ports'>;

/** Starts TFTP and HTTP; what ends them is added to `services`. */
export async function startFileServers(
  config: FilesConfig,
  parts: FileParts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { network, registry, detection, images, boots, publish, problem, pxeFolder, piFolder } =
    parts;
  const { sockets, departure } = parts;
  const { address } = network;
  const who = { ...askersOf({ registry, subnet: network.subnet }), onLimit: parts.onLimit };
  const refusals = new Refusals(() => performance.now());
  const localStarts = new LocalStarts(() => performance.now());
  const { rootOf } = images;
  const troubles = new StartTroubles(() => performance.now());
  const fileTroubles = new FileTroubles(() => performance.now());
  const starts = { ...parts, rootOf, troubles, httpPort: config.ports.http };
  const files: FileContext = {
    ...{ registry, rootOf, refusals, localStarts },
    start: (request, client) => onStartRequest(request, client, starts),
    ...(pxeFolder === undefined ? {} : { pxeFolder }),
    ...(piFolder === undefined ? {} : { piFolder }),
    speakerOf: (mac: string) => boots.speakerOf(mac),
    asAnnounced: (device) => detection.asAnnounced(device),
  };
  const tftp = await startTftpServer(
    { ...who, address, port: config.ports.tftp, fd: sockets.tftp },
    async (request, client) => {
      const { answer, events } = await onTftpRead(request, client, files);
      publish(events);
      return answer;
    },
    (report) => {
      if (report.kind === 'dropped') return publish([dropped('tftp', report)]);
      return publish(onTftpTransfer(report, { registry, troubles: fileTroubles }));
    },
  );
  services.defer(() => departure.leave(tftp));
  const http = await startHttpServer({
    ...who,
    address,
    port: config.ports.http,
    fd: sockets.http,
    handler: async (path, client) => {
      const outcome =
        (await onMediaFile(path, parts.shelf)) ?? (await onHttpFile(path, client, files));
      publish(outcome?.events ?? []);
      return outcome;
    },
    onTransfer: (report) => publish(onHttpTransfer(report, fileTroubles)),
    onProblem: problem('http'),
  });
  services.defer(() => departure.leave(http));
}

function dropped(
  source: string,
  { from, reason }: { readonly from: { readonly address: string }; readonly reason: string },
): ServerEvent {
  return { kind: 'ignored', source, from: from.address, reason };
}
