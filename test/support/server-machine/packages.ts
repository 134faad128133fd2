// The Debian packages of a release, as they are built from this tree, for the server VM.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import type { Architecture } from '../../../scripts/release/package.ts';
import { imagePackage } from '../../../scripts/release/packages/image.ts';
import { releasePlan } from '../../../scripts/release/plan.ts';
import { runRelease } from '../../../scripts/release/run-release.ts';
import { writeDeb } from '../../../scripts/release/write-deb.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** Any date: the same for all builds of a test. */
const DATE = 1_700_000_000;
/** What no package has. */
const LEFT_OUT = [
  'npm-client',
  'npm-api',
  'python-client',
  'notes',
  'sbom',
  'manifest',
  'sums',
  'signature',
];

/** OCI archives, by the names that default images have. */
export type Images = Readonly<Record<string, string>>;

/**
 * Builds packages of the server and of images.
 * @param options.root of a checkout; this one unless given
 * @param options.version theirs
 * @param options.images their OCI archives, by their names
 * @param options.architecture of the server; amd64 unless given
 * @returns paths of the packages
 */
export async function buildPackages(
  folder: string,
  {
    version,
    images,
    root = ROOT,
    architecture = 'amd64',
  }: {
    readonly version: string;
    readonly images: Images;
    readonly root?: string;
    readonly architecture?: Architecture;
  },
): Promise<string[]> {
  const to = join(folder, version);
  await mkdir(to);
  const wishes = {
    architectures: [architecture],
    media: ['pc', 'pxe'],
    images: [],
    isSigned: false,
  } as const;
  const plan = releasePlan({ root, version, date: DATE }, wishes);
  const steps = plan.steps.filter(({ kind }) => !LEFT_OUT.includes(kind));
  const options = {
    to,
    places: placesOf(process.env, ROOT),
    level: 'none' as const,
    onStep: () => undefined,
  };
  await runRelease({ ...plan, steps }, options);
  for (const [image, archive] of Object.entries(images)) {
    await writeDeb(await imagePackage(plan.facts, { image, archive }), { ...options, date: DATE });
  }
  // The client is for other machines: the server has the command, and apt takes one of the two.
  const wanted = (name: string) => name.endsWith('.deb') && !name.startsWith('walt-client_');
  return (await readdir(to)).filter(wanted).map((name) => join(to, name));
}

/** Lets apt install them in the VM, which has no way to any mirror. @throws {Error} with what apt said */
export async function installPackages(
  vm: ServerMachine,
  packages: readonly string[],
): Promise<void> {
  const folder = await vm.showFiles(packages);
  await vm.succeed(`DEBIAN_FRONTEND=noninteractive apt-get install -y ${folder}/*.deb`, {
    seconds: 1800,
  });
}
