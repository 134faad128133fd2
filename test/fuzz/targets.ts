/** All that is fuzzed, and how many rounds the long run of each has. */
import { fuzzDhcpDecoder, fuzzSntpDecoder, fuzzTftpDecoder } from './decoders.ts';
import { fuzzDhcpTwoWays } from './dhcp-two-ways.ts';
import { fuzzImageArchives } from './images/archives.ts';
import { fuzzImageDocuments } from './images/documents.ts';
import { fuzzImageHeaders } from './images/headers.ts';
import { fuzzLayerArchives } from './layer-archives.ts';
import { fuzzLayerTrees } from './layer-trees.ts';
import { fuzzLiveBootup } from './live/bootup.ts';
import { fuzzLiveDhcp } from './live/dhcp.ts';
import { fuzzLiveHttp } from './live/http.ts';
import { fuzzLiveTftp } from './live/tftp.ts';
import { fuzzLogLines } from './log-lines.ts';
import type { FuzzTarget } from './target.ts';
import { fuzzGrubRequests, fuzzIpxeScripts } from './texts.ts';
import { fuzzTransfers } from './transfers.ts';

export const targets: Readonly<Record<string, FuzzTarget>> = {
  'dhcp-decoder': fuzzDhcpDecoder,
  'tftp-decoder': fuzzTftpDecoder,
  'sntp-decoder': fuzzSntpDecoder,
  'tftp-transfer': fuzzTransfers,
  'layer-archives': fuzzLayerArchives,
  'layer-trees': fuzzLayerTrees,
  'dhcp-socket': fuzzLiveDhcp,
  'dhcp-two-ways': fuzzDhcpTwoWays,
  'tftp-sockets': fuzzLiveTftp,
  'ipxe-scripts': fuzzIpxeScripts,
  'grub-requests': fuzzGrubRequests,
  'bootup-sockets': fuzzLiveBootup,
  'log-lines': fuzzLogLines,
  'http-sockets': fuzzLiveHttp,
  'image-documents': fuzzImageDocuments,
  'image-archives': fuzzImageArchives,
  'image-headers': fuzzImageHeaders,
};
