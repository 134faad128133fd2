// All checks, in the order in which people read them.
import type { Check } from './check.ts';
import { images } from './content/images.ts';
import { media } from './content/media.ts';
import { registries } from './content/registries.ts';
import { clock } from './machine/clock.ts';
import { disk } from './machine/disk.ts';
import { kvm } from './machine/kvm.ts';
import { memory } from './machine/memory.ts';
import { bridge } from './network/bridge.ts';
import { dhcp } from './network/dhcp.ts';
import { link } from './network/link.ts';
import { otherDhcpServers } from './network/other-dhcp-servers.ts';
import { certificate } from './services/certificate.ts';
import { http } from './services/http.ts';
import { nfs } from './services/nfs.ts';
import { notifications } from './services/notifications.ts';
import { tftp } from './services/tftp.ts';

export const checks: readonly Check[] = [
  ...[disk, memory, clock, kvm],
  ...[link, bridge, dhcp, otherDhcpServers],
  ...[tftp, http, nfs, notifications, certificate],
  ...[images, registries, media],
];
