// What examines the server when `walt doctor` asks.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { CertificateEnds } from '../../access/certificate-ends.ts';
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import type { Config } from '../../config/config.ts';
import type { Registry as RegistryConfig } from '../../config/sections/images.ts';
import type { Registry } from '../../devices/registry.ts';
import type { ImagePlace } from '../../doctor/check.ts';
import { Doctor } from '../../doctor/doctor.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import { RegistryClient } from '../../images/sources/registry/registry-client.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import type { MediaShelf } from '../../media/media-shelf.ts';
import { bytesToMac } from '../../protocol/mac.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  readonly network: NetworkFacts;
  readonly registry: Registry;
  readonly images: ImageStore;
  readonly shelf: MediaShelf;
  readonly machines: Pick<Machines, 'accelerator'>;
  readonly pxeFolder?: string;
  /** of the API for other machines; undefined where none reaches it */
  readonly certificateEnds: () => CertificateEnds | undefined;
  /** the program that runs, where it is a bundle */
  readonly program?: string;
};

/** A file of the PXE tree that every PC with BIOS asks for. */
const BOOT_FILE = 'undionly.kpxe';

/** @param config what it is meant to be */
export function buildDoctor(config: Config, parts: Parts): Doctor {
  const { folder: state, network, registry, images, shelf, pxeFolder, program } = parts;
  const { certificateEnds, machines } = parts;
  const { address, broadcast } = network;
  return new Doctor({
    ...{ state, address, broadcast, shelf, program, certificateEnds },
    networkInterface: config.network.interface,
    ports: config.ports,
    dhcpMode: config.dhcp.mode,
    // The same in each run: the address that it is offered stays one.
    mac: bytesToMac(Uint8Array.of(2, ...randomBytes(5))),
    bootFile: pxeFolder === undefined ? undefined : BOOT_FILE,
    places: config.images.registries.map((place) => placeOf(place, state)),
    models: () => registry.all().flatMap(({ model }) => model ?? []),
    hasImage: (model) => images.defaultOf(model) !== undefined,
    accelerator: () => machines.accelerator(),
    imageCount: () => images.all().length,
  });
}

function placeOf(place: RegistryConfig, state: string): ImagePlace {
  const { name } = place;
  if ('folder' in place) {
    return { name, folder: resolve(state, place.folder), reach: async () => undefined };
  }
  return {
    name,
    reach: async (signal) => {
      const client = await RegistryClient.open(place.address, { registry: place, signal });
      await client.reach();
    },
  };
}
