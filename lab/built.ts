// All that a lab needs built. No other file of the lab knows the build scripts: a lab on released files needs another one
// here, and nothing else.
import { join } from 'node:path';
import { uBoots } from '../scripts/boards.ts';
import { prepare } from '../scripts/builders/prepare.ts';
import { placesOf } from '../scripts/inputs/fetch.ts';
import { buildMedium } from '../scripts/media/build.ts';
import { coral } from '../scripts/media/coral.ts';
import {
  buildServerVm as buildVm,
  type ServerVmFiles,
  type Suite,
} from '../scripts/server-vm/build.ts';
import { wrapUBootScript } from '../scripts/steps/u-boot-script.ts';
import { buildUBoots } from '../scripts/u-boot/build.ts';

const ROOT = join(import.meta.dirname, '..');
const places = placesOf(process.env, ROOT);

/** Names of the U-Boots on the card of Raspberry Pis, by their processors. */
export const cardUBoots = {
  arm64: uBoots.arm64.file,
  armv7: uBoots.armv7.file,
  armv6: uBoots.armv6.file,
} as const;

/** Builds what the virtual platform is made of: stick, image, server. @throws {Error} that names the builder which failed */
export async function buildPlatform(signal: AbortSignal): Promise<void> {
  await prepare(ROOT, { signal });
}

/** Builds the archive for the eMMC of Coral Dev Boards. @returns its path, in the folder */
export async function buildCoralArchive(folder: string): Promise<string> {
  const options = { root: ROOT, places, to: folder, path: process.env.PATH ?? '' };
  return (await buildMedium(coral.plan(), options)).file;
}

/** Builds the U-Boot for QEMU's 64-bit ARM machines. @returns the path of its `u-boot.bin`, which others use, too */
export async function buildQemuUBoot(): Promise<string> {
  const name = 'qemu-arm64';
  const { [name]: built } = await buildUBoots([name], { root: ROOT, places });
  return join(built, 'u-boot.bin');
}

/** A script as U-Boot's `source` takes it on 64-bit ARM. */
export function uBootScript(text: string): Buffer {
  return wrapUBootScript(text, { architecture: 'arm64', name: 'boot script' });
}

/** Builds a Debian machine with systemd that has all that a WalT server needs, but WalT itself. */
export function buildServerVm(suite: Suite): Promise<ServerVmFiles> {
  return buildVm(suite);
}

export type { ServerVmFiles, Suite };
