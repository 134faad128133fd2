// Who brings an image from a registry to a root file system that is ready to be used: each in a store of its own, emptied
// before each measurement.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../lab/lab.ts';
import { runProgram } from '../../lab/programs/run-program.ts';
import { $ } from '../../scripts/run.ts';
import { withLibraries } from '../harness/debian-programs.ts';
import { REGISTRY } from './registry.ts';

export type ImageContestant = {
  readonly name: string;
  readonly empty: () => Promise<void>;
  /** Resolves when the root file system is there. @param image name in the registry, without tag */
  readonly take: (image: string) => Promise<void>;
  /** bytes on disk */
  readonly size: () => Promise<number>;
};

export function ours(lab: Lab): ImageContestant {
  const state = join(lab.folder, 'state');
  const own = ['images', 'layers', 'blobs', 'tmp'];
  return {
    name: 'walt image clone',
    async empty() {
      await lab.endServer('SIGTERM');
      for (const name of [...own, 'walt.db', 'walt.db-wal', 'walt.db-shm']) {
        await rm(join(state, name), { recursive: true, force: true });
      }
      await lab.startServer();
    },
    async take(image) {
      await lab.walt('image', 'clone', `lab:${image}`);
    },
    size: () => sizeOf(own.map((name) => join(state, name))),
  };
}

/** @param programs where Debian's packages of it are unpacked */
export function podman(lab: Lab, programs: string): ImageContestant {
  const folder = join(lab.folder, 'podman');
  const binaries = join(programs, '../bin');
  const run = async (...args: string[]) => {
    const places = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')];
    const helpers = ['--conmon', join(binaries, 'conmon'), '--runtime', join(binaries, 'crun')];
    const argv = [join(binaries, 'podman'), ...places, ...helpers, ...args];
    await ask(lab, withLibraries(programs, argv));
  };
  return {
    name: 'podman pull, image mount',
    async empty() {
      await run('image', 'umount', '--all', '--force').catch(() => undefined);
      await unmountBelow(folder);
      await rm(folder, { recursive: true, force: true });
    },
    async take(image) {
      await run('pull', '--quiet', '--tls-verify=false', `${REGISTRY}/${image}`);
      await run('image', 'mount', `${REGISTRY}/${image}`);
    },
    size: () => sizeOf([join(folder, 'root')]),
  };
}

/** The programs below ours, without checks and without sharing. */
export function skopeoUmoci(lab: Lab): ImageContestant {
  const folder = join(lab.folder, 'umoci');
  return {
    name: 'skopeo, umoci',
    async empty() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
    },
    async take(image) {
      const tag = image.replace('/', '-');
      const local = `${join(folder, 'layout')}:${tag}`;
      const copy = ['skopeo', '--insecure-policy', 'copy', '--quiet', '--src-tls-verify=false'];
      await ask(lab, [...copy, `docker://${REGISTRY}/${image}`, `oci:${local}`]);
      await ask(lab, ['umoci', 'unpack', '--image', local, join(folder, tag)]);
    },
    size: () => sizeOf([folder]),
  };
}

async function ask(lab: Lab, argv: readonly string[]): Promise<void> {
  const { code, said } = await runProgram(lab.namespace.command([...argv]), { seconds: 600 });
  if (code !== 0) throw new Error(`${argv[0]} failed: ${said}`);
}

async function sizeOf(folders: readonly string[]): Promise<number> {
  const { stdout } = await $`du --summarize --total --block-size=1 --one-file-system ${folders}`;
  return Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1]);
}

async function unmountBelow(folder: string): Promise<void> {
  const { stdout } = await $`findmnt --list --noheadings --output TARGET`;
  const below = stdout.split('\n').filter((target) => target.startsWith(`${folder}/`));
  for (const target of below.reverse()) await $`umount --lazy ${target}`;
}
