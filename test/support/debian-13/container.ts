// Debian 13 as in a container: a root file system made from Debian's packages, kept in the cache by what it is made
// from, in which programs run with processes and mounts of their own.
import { join } from 'node:path';
import { cachedFolder } from '../../../scripts/images/cache/cached-folder.ts';
import { debianSources } from '../../../scripts/images/debian/debian-mirror.ts';
import { $ } from '../../../scripts/run.ts';

const SUITE = 'trixie';
/** What the server and the builds of media run there. */
const PACKAGES = [
  ...['nfs-ganesha', 'nfs-ganesha-vfs', 'rpcbind', 'iproute2', 'procps', 'kmod'],
  ...[
    'skopeo',
    'buildah',
    'netavark',
    'busybox',
    'openssh-client',
    'libstdc++6',
    'libatomic1',
    'ca-certificates',
  ],
  ...['xz-utils', 'zstd', 'cpio', 'dosfstools', 'mtools'],
];

const PROJECT = join(import.meta.dirname, '../../..');
const ENTER = join(import.meta.dirname, 'enter.sh');

/** The folder of the root file system; not to be written to. */
export function debian13Root(): Promise<string> {
  return cachedFolder('debian-13', {
    recipe: [SUITE, ...PACKAGES].join(' '),
    async build(folder) {
      const settings = [
        '--mode=root',
        '--variant=minbase',
        '--aptopt=APT::Install-Recommends "false"',
      ];
      const exclude = '--dpkgopt=path-exclude=/usr/share/{doc,man,locale}/*';
      const retries = '--aptopt=Acquire::Retries "3"';
      const tar = join(folder, 'root.tar');
      await $`mmdebstrap ${settings} ${retries} ${exclude} --include=${PACKAGES.join(',')} ${SUITE} ${tar} ${await debianSources(SUITE)}`;
      await $`tar --extract --numeric-owner --file ${tar} --directory ${folder}`;
      await $`rm ${tar}`;
    },
  });
}

/**
 * The command that runs a program in it, with this project and `folders` at the same paths as here, and without some
 * rights of root.
 */
export function inContainer(
  argv: readonly string[],
  options: {
    readonly root: string;
    readonly folders?: readonly string[];
    /** As setpriv(1) names them. */
    readonly lacks?: readonly string[];
  },
): string[] {
  const { root, folders = [], lacks = [] } = options;
  const rights = lacks.map((capability) => `-${capability}`).join(',');
  return [
    ...['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', ENTER],
    ...[root, PROJECT, ...folders, '--'],
    ...(lacks.length === 0 ? [] : ['setpriv', `--bounding-set=${rights}`]),
    ...argv,
  ];
}
