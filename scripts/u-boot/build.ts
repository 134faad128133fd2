// Gives U-Boots, from the cache where their inputs have not changed, else built: the source once, then several at a time.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type UBootName, uBoots } from '../boards.ts';
import { withBuildLock } from '../images/cache/build-lock.ts';
import { inputHash } from '../images/cache/input-hash.ts';
import type { Places } from '../inputs/fetch.ts';
import { inputs } from '../inputs/sources.ts';
import { $ } from '../run.ts';
import { SOURCE_DATE } from '../steps/source-date.ts';
import { compileUBoot } from './compile.ts';
import { mergeFragments } from './configuration.ts';
import { prepareSource } from './source.ts';

/** Where a build of U-Boot finds what it needs, and which variant is wanted. */
export type UBootOptions = {
  /** The project's folder, which has boot-artifacts/. */
  readonly root: string;
  readonly places: Places;
  /** With a prompt and a console over the network. */
  readonly isDebug?: boolean;
};

/** Returns for each name a folder in the cache: u-boot.bin, config, gpl-2.0.txt and the device trees of Raspberry Pis. */
export async function buildUBoots<Name extends UBootName>(
  names: readonly Name[],
  options: UBootOptions,
): Promise<Record<Name, string>> {
  const cache = join(options.places.cache, 'u-boot');
  await mkdir(cache, { recursive: true });
  const wanted: { name: Name; folder: string }[] = [];
  for (const name of names) {
    wanted.push({ name, folder: join(cache, `${name}-${await hashOf(name, options)}`) });
  }
  const isMissing = ({ folder }: { folder: string }) => !existsSync(folder);
  if (wanted.some(isMissing)) {
    await withBuildLock(cache, {
      // Whoever had the lock before may have built them.
      work: () => buildAll(wanted.filter(isMissing), { ...options, cache }),
      onWait: (pid) => console.error(`U-Boot: waiting for process ${pid}, which builds it`),
    });
  }
  return Object.fromEntries(wanted.map(({ name, folder }) => [name, folder])) as Record<
    Name,
    string
  >;
}

async function buildAll(
  missing: readonly { name: UBootName; folder: string }[],
  options: UBootOptions & { readonly cache: string },
): Promise<void> {
  if (missing.length === 0) return;
  const artifacts = join(options.root, 'boot-artifacts/rpi/u-boot');
  const folder = await mkdtemp(join(options.cache, 'unfinished-'));
  try {
    const source = await prepareSource(folder, { artifacts, places: options.places });
    const left = [...missing];
    const workers = Math.min(availableParallelism(), missing.length);
    const jobs = Math.max(1, Math.floor(availableParallelism() / workers));
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        console.error(`U-Boot: compiling ${next.name}`);
        const to = join(folder, `${next.name}.whole`);
        await compileUBoot(uBoots[next.name], {
          source,
          work: join(folder, next.name),
          fragment: await fragmentOf(next.name, options),
          jobs,
          to,
        });
        await rename(to, next.folder);
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: workers }, work));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The fragments of one build, merged: a later one wins. */
async function fragmentOf(name: UBootName, { root, isDebug }: UBootOptions): Promise<string> {
  const fragments = ['common', uBoots[name].fragment, ...(isDebug ? ['debug'] : [])];
  const folder = join(root, 'boot-artifacts/rpi/u-boot');
  return mergeFragments(
    await Promise.all(fragments.map((file) => readFile(join(folder, `${file}.config`), 'utf8'))),
  );
}

/** Changes with all that the result depends on, the version of the compiler included. */
async function hashOf(name: UBootName, options: UBootOptions): Promise<string> {
  const row = uBoots[name];
  const { stdout: compiler } = await $`${row.compiler}gcc --version`;
  const folder = 'boot-artifacts/rpi/u-boot';
  const text = JSON.stringify([
    ...[row, await fragmentOf(name, options), compiler, SOURCE_DATE],
    ...[inputs.uBoot.sha256, inputs.uBootDebian.sha256],
  ]);
  const files = await inputHash(options.root, {
    paths: [
      ...[`${folder}/patches`, `${folder}/walt.env`],
      ...['compile', 'configuration', 'source'].map((file) => `scripts/u-boot/${file}.ts`),
    ],
    text,
  });
  return createHash('sha256').update(files).digest('hex').slice(0, 16);
}
