/** Changes of images by skopeo and buildah, as a script would run them: from an OCI layout to another one. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../../lab/lab.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { type Change, type Changer, COMMANDS, type Inputs, TARGET } from './change.ts';

const CONTAINER = 'changed';
const IMAGE = 'localhost/bench/image:latest';
const BUILT = 'localhost/bench/built:latest';
const ISOLATION = ['--isolation', 'chroot'];
const LONG = { seconds: 600 };

/**
 * Each change has a storage of its own.
 * @param options.layout OCI layout with the tag of the image
 * @param options.from what the Dockerfile calls the image
 */
export function changeByBuildah(
  lab: Lab,
  { layout, from, file, context }: Inputs & { readonly layout: string; readonly from: string },
): Changer {
  const folder = join(lab.folder, 'buildah');
  const [root, runroot] = [join(folder, 'root'), join(folder, 'run')];
  const storage = ['--root', root, '--runroot', runroot, '--storage-driver', 'overlay'];
  const buildah = (...args: string[]) => succeed(['buildah', ...storage, ...args], LONG);
  const provide = async (name: string) => {
    const target = `containers-storage:[overlay@${root}+${runroot}]${name}`;
    const copy = ['skopeo', '--insecure-policy', 'copy', '--quiet', `oci:${layout}`, target];
    await succeed(copy, LONG);
  };
  const commit = async (...how: string[]) => {
    const form = ['--quiet', '--format', 'oci', '--disable-compression', '--identity-label=false'];
    await buildah('commit', ...form, ...how, CONTAINER, `oci:${join(folder, 'new')}:image`);
    await buildah('rm', '--all');
  };
  const open = async () => {
    await provide(IMAGE);
    await buildah('from', '--quiet', '--pull-never', '--name', CONTAINER, IMAGE);
  };
  const ways: Readonly<Record<Change, () => Promise<void>>> = {
    async cp() {
      await open();
      await buildah('copy', '--quiet', CONTAINER, file, TARGET);
      await commit();
    },
    async build() {
      await provide(from);
      const how = ['--identity-label=false', '--tag', BUILT];
      await buildah('build', ...ISOLATION, ...how, context);
      const form = ['--quiet', '--format', 'oci', '--disable-compression'];
      await buildah('push', ...form, BUILT, `oci:${join(folder, 'new')}:image`);
    },
    async squash() {
      await open();
      await commit('--squash');
    },
    async shell() {
      await open();
      const run = ['run', ...ISOLATION, CONTAINER, '--', '/bin/sh', '-l'];
      await succeed(['buildah', ...storage, ...run], { ...LONG, input: COMMANDS });
      await commit();
    },
  };
  return {
    name: 'buildah alone',
    async reset() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
    },
    change: (change) => ways[change](),
  };
}
