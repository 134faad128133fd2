// What serves files to boot loaders, by TFTP and HTTP.

import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Publish } from '../../events/publisher.ts';
import { FileTroubles } from '../../handlers/files/file-troubles.ts';
import type { FileContext, FileOutcome } from '../../handlers/files/find-file.ts';
import { onDocPage } from '../../handlers/files/on-doc-page.ts';
import { onHttpFile, onHttpTransfer } from '../../handlers/files/on-http-file.ts';
import { onLegacyApi } from '../../handlers/files/on-legacy-api.ts';
import { onMediaFile } from '../../handlers/files/on-media-file.ts';
import { onNothingThere } from '../../handlers/files/on-nothing-there.ts';
import { onTftpRead, onTftpTransfer } from '../../handlers/files/on-tftp-read.ts';
import {
  FACTS_PATH,
  type FactsContext,
  onFactsRequest,
} from '../../handlers/nodes/on-facts-request.ts';
import { HOT_PACK_PATH, onHotPackRequest } from '../../handlers/nodes/on-hot-pack-request.ts';
import { IDENTITY_PATH, onIdentityRequest } from '../../handlers/nodes/on-identity-request.ts';
import { Refusals } from '../../handlers/nodes/refusals.ts';
import { LocalStarts } from '../../handlers/start/local-starts.ts';
import { onStartRequest, type StartContext } from '../../handlers/start/on-start-request.ts';
import { StartTroubles } from '../../handlers/start/start-troubles.ts';
import { onTimeQuestion } from '../../handlers/time/on-time-question.ts';
import type { Ways } from '../../healing/ways.ts';
import { systemClock, systemZone } from '../../host/clock/clock.ts';
import type { HotPacks } from '../../hot/hot-packs.ts';
import type { Identities } from '../../identities/identities.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { MediaShelf } from '../../media/media-shelf.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { InheritedSockets } from '../../net/bound-sockets.ts';
import type { DatagramBatches } from '../../net/ffi/datagram-batches.ts';
import { openClientFrames } from '../../net/ffi/frames/client-frames.ts';
import { startHttpServer } from '../../net/http/server.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import { startTftpPractice } from '../../net/tftp/practice.ts';
import { startTftpServer } from '../../net/tftp/server.ts';
import { wantsServerZone } from '../../nodes/time-zone.ts';
import type { Subnet } from '../../protocol/ip.ts';
import type { Store } from '../../store/store.ts';
import type { Departure } from '../departure.ts';
import { askersOf } from '../dhcp/askers.ts';
import type { Learn } from '../dhcp/dhcp-proxy.ts';
import type { Problem } from '../telling/journal.ts';

/** What serving boot files stands on. */
export type FileParts = Required<Pick<StartContext, 'registry' | 'detection' | 'hasNat'>> & {
  readonly network: StartContext['network'] & { readonly subnet: Subnet };
  readonly onLimit: OnLimit;
  readonly images: ImageStore;
  readonly boots: Pick<BootBook, 'speakerOf' | 'bootOf' | 'statusOf'>;
  readonly store: Pick<Store, 'logs'>;
  readonly identities: Pick<Identities, 'give'>;
  readonly ways: Pick<Ways, 'isCareful'>;
  readonly loginOf: FactsContext['loginOf'];
  readonly canStayWarm: FactsContext['canStayWarm'];
  readonly packs: Pick<HotPacks, 'packFor'>;
  readonly publish: Publish;
  readonly problem: Problem;
  /** holds the Raspberry Pi's own files */
  readonly piFolder?: string;
  /** holds the PXE tree */
  readonly pxeFolder?: string;
  readonly learn?: Learn;
  readonly shelf: MediaShelf;
  readonly sockets: Pick<InheritedSockets, 'tftp' | 'http'>;
  readonly batches: DatagramBatches | undefined;
  readonly departure: Departure;
  readonly metrics: Metrics;
  /** whether the clock of this machine is known to be right, and nodes may be told so */
  readonly isRight: () => boolean;
};

type FilesConfig = Pick<Config, 'ports' | 'api' | 'network'>;

/** Starts TFTP and HTTP; what ends them is added to `services`. */
export async function startFileServers(
  config: FilesConfig,
  parts: FileParts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { network, registry, detection, images, boots, publish, problem, pxeFolder, piFolder } =
    parts;
  const { sockets, departure, batches } = parts;
  const { address } = network;
  const who = { ...askersOf({ registry, subnet: network.subnet }), onLimit: parts.onLimit };
  const refusals = new Refusals(() => performance.now());
  const localStarts = new LocalStarts(() => performance.now());
  const { rootOf } = images;
  const troubles = new StartTroubles(() => performance.now());
  const fileTroubles = new FileTroubles(() => performance.now());
  const { isCareful } = parts.ways;
  const starts = { ...parts, rootOf, troubles, isCareful, httpPort: config.ports.http };
  const files: FileContext = {
    ...{ registry, rootOf, refusals, localStarts },
    start: (request, client) => onStartRequest(request, client, starts),
    ...(pxeFolder === undefined ? {} : { pxeFolder }),
    ...(piFolder === undefined ? {} : { piFolder }),
    isCareful,
    speakerOf: (mac: string) => boots.speakerOf(mac),
    asAnnounced: (device) => detection.asAnnounced(device),
  };
  const times = {
    ...parts,
    clock: systemClock,
    wantsZone: wantsServerZone,
    zone: systemZone,
  };
  const frames = batches && openClientFrames(batches.calls, config.network.interface);
  services.defer(() => frames?.close());
  const tftp = await startTftpServer(
    { ...who, address, port: config.ports.tftp, fd: sockets.tftp, batches, frames },
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
  services.defer(startTftpPractice({ batches }));
  const answers = aboutNodes(parts);
  const isBooted = (mac: string) => boots.statusOf(mac).state === 'booted';
  const legacy = { registry, images, logs: parts.store.logs, isBooted };
  const http = await startHttpServer({
    ...who,
    address,
    port: config.ports.http,
    fd: sockets.http,
    handler: async (path, client, { port, agent, ...asked }) => {
      const outcome =
        onDocPage(path) ??
        onTimeQuestion(path, client, times) ??
        (config.api.legacy ? await onLegacyApi(path, asked, legacy) : undefined) ??
        (await answers.get(path)?.(client, port)) ??
        (await onMediaFile(path, parts.shelf)) ??
        (await onHttpFile(path, client, files));
      publish(outcome?.events ?? []);
      const isThere = outcome !== undefined && outcome.found.kind !== 'not-found';
      return isThere ? outcome : (onNothingThere(path, agent) ?? outcome);
    },
    onTransfer: (report) => publish(onHttpTransfer(report, fileTroubles)),
    onProblem: problem('http'),
  });
  services.defer(() => departure.leave(http));
  watchTurns(parts.metrics, { tftp, http });
}

type Counts = { readonly counts: { readonly running: number; readonly waiting: number } };

function watchTurns(metrics: Metrics, servers: Readonly<Record<string, Counts>>): void {
  const samples = (state: 'running' | 'waiting') => () =>
    Object.entries(servers).map(([protocol, { counts }]) => ({
      labels: { protocol },
      value: counts[state],
    }));
  metrics.watch('walt_files_running', samples('running'));
  metrics.watch('walt_files_waiting', samples('waiting'));
}

type Answer = (
  address: string,
  port: number,
) => Promise<FileOutcome | undefined> | FileOutcome | undefined;

/** What nodes ask of themselves, by path. */
function aboutNodes(parts: FileParts): ReadonlyMap<string, Answer> {
  const { registry, packs } = parts;
  const ofIdentities = { ...parts, refusals: new Refusals(() => performance.now()) };
  return new Map<string, Answer>([
    [IDENTITY_PATH, (address, port) => onIdentityRequest({ address, port }, ofIdentities)],
    [HOT_PACK_PATH, (address) => onHotPackRequest(address, { registry, packs })],
    [FACTS_PATH, (address) => onFactsRequest(address, parts)],
  ]);
}

function dropped(
  source: string,
  { from, reason }: { readonly from: { readonly address: string }; readonly reason: string },
): ServerEvent {
  return { kind: 'ignored', source, from: from.address, reason };
}
