// Installs Debian into a folder with mmdebstrap, and fetches the kernel's package beside it from the same mirror.
import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from '../../run.ts';
import type { Progress } from '../progress.ts';
import type { ImageRecipe } from '../recipe.ts';
import { debianSources } from './debian-mirror.ts';
import { usableSources } from './usable-sources.ts';

const TRIES = 4;
/** A mirror in the middle of its update is whole again after minutes. */
const PAUSE_SECONDS = 45;

/** Run by mmdebstrap in the folder of downloads, with apt set to the packages of the image; `dates` are the mirror's. */
const DOWNLOAD_KERNEL = `
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
cd "$DOWNLOADS"
kernel=$(apt-cache depends --important "$KERNEL" | sed -n 's/^ *Depends: \\(linux-image-[^ ]*\\)$/\\1/p' | head -n 1)
apt-get -q -o APT::Sandbox::User=root download "$kernel"
sed -n 's/^Date: //p' "$1"/var/lib/apt/lists/*Release >dates
`;

/** Keys are made at a node's first start; here they would cost minutes where the processor is emulated. */
const KEEP_SSH_FROM_MAKING_KEYS = `
mkdir -p "$1/etc/ssh"
for kind in rsa ecdsa ed25519; do touch "$1/etc/ssh/ssh_host_\${kind}_key"; done
`;

/** Debian as it was at a moment, and the kernel that goes with it. */
export type Installed = {
  readonly kernelPackage: string;
  /** When the mirror's newest list of packages was made: all that the image's files need to know of time. */
  readonly date: Date;
};

/**
 * Makes the folder `root` with the recipe's packages, and fetches the kernel's package.
 * Tried again when the mirror is inconsistent; throws with mmdebstrap's last words when it stays so.
 */
export async function installDebian(
  recipe: ImageRecipe,
  options: { readonly root: string; readonly downloads: string; readonly progress: Progress },
): Promise<Installed> {
  const { root, downloads, progress } = options;
  const sources = await usableSources(await debianSources(recipe.suite), {
    architecture: recipe.architecture,
    say: progress.stage,
  });
  for (let attempt = 1; ; attempt += 1) {
    await rm(downloads, { recursive: true, force: true });
    await mkdir(downloads, { recursive: true });
    const said = await runMmdebstrap(recipe, { root, downloads, sources, progress });
    if (said === undefined) break;
    await rm(root, { recursive: true, force: true });
    if (attempt === TRIES) {
      throw new Error(
        `Cannot install Debian ${recipe.suite}: mmdebstrap failed ${TRIES} times, at last with\n${said}\n` +
          "Check that this machine's apt can reach its Debian mirror (apt-get update).",
      );
    }
    progress.stage(
      `mmdebstrap failed, perhaps the mirror is being updated; again in ${PAUSE_SECONDS} s\n${said}`,
    );
    await sleep(PAUSE_SECONDS * 1000);
  }
  const kernel = (await readdir(downloads)).find((file) => file.endsWith('.deb'));
  if (kernel === undefined) {
    throw new Error(`Cannot find the kernel: ${recipe.kernel.metapackage} depends on none`);
  }
  await useDebiansOwnSources(root);
  const date = newestDate(await readFile(join(downloads, 'dates'), 'utf8'));
  return { kernelPackage: join(downloads, kernel), date };
}

/** The newest of the dates of Debian's Release files, one a line. @throws {RangeError} when there is none. */
export function newestDate(lines: string): Date {
  const dates = lines.split('\n').flatMap((line) => (line === '' ? [] : [Date.parse(line)]));
  const newest = Math.max(...dates);
  if (Number.isFinite(newest)) return new Date(newest);
  throw new RangeError(`Cannot tell how old Debian's lists of packages are: ${lines.trim()}`);
}

/** Returns nothing when all went well, else the end of what mmdebstrap said. */
async function runMmdebstrap(
  recipe: ImageRecipe,
  options: {
    readonly root: string;
    readonly downloads: string;
    readonly sources: readonly string[];
    readonly progress: Progress;
  },
): Promise<string | undefined> {
  const { root, downloads, sources, progress } = options;
  const settings = [
    '--mode=root',
    '--variant=minbase',
    // Its own way of asking whether programs of the architecture run needs `arch-test`; foreign-programs.ts has asked.
    '--skip=check/qemu',
    `--architectures=${recipe.architecture}`,
    `--include=${recipe.packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Retries "3"',
    // Translations and manuals: nobody reads them on a node, and there is no `man`.
    '--dpkgopt=path-exclude=/usr/share/locale/*',
    '--dpkgopt=path-exclude=/usr/share/man/*',
    // A build that the power cuts short is begun anew: nothing has to be on the disk at once.
    '--dpkgopt=force-unsafe-io',
    `--essential-hook=${KEEP_SSH_FROM_MAKING_KEYS}`,
    `--customize-hook=${DOWNLOAD_KERNEL}`,
    `--customize-hook=chroot "$1" systemctl mask ${recipe.masked.join(' ')}`,
    '--customize-hook=chroot "$1" systemctl set-default multi-user.target',
    '--customize-hook=sed -i /force-unsafe-io/d "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"',
  ];
  const run = $({
    nothrow: true,
    detached: false,
    env: {
      ...process.env,
      DOWNLOADS: downloads,
      KERNEL: recipe.kernel.metapackage,
      LC_ALL: 'C.UTF-8',
    },
  })`mmdebstrap ${settings} ${recipe.suite} ${root} ${sources}`;
  run.stderr.on('data', (piece: Buffer) => progress.live(piece.toString()));
  const { exitCode, stderr } = await run;
  return exitCode === 0 ? undefined : stderr.split('\n').slice(-15).join('\n').trim();
}

/** The builder's mirror may be private: the image names Debian's public one, as apt's own example does. */
async function useDebiansOwnSources(root: string): Promise<void> {
  const example = join(root, 'usr/share/doc/apt/examples/sources.list');
  await access(example);
  await $`cp ${example} ${join(root, 'etc/apt/sources.list')}`;
  const written = await readFile(join(root, 'etc/apt/sources.list'), 'utf8');
  if (!written.includes('\ndeb '))
    throw new Error(`Cannot use ${example}: it names no package source`);
}
