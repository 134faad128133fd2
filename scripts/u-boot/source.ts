// U-Boot's source as it is built: Debian's, with Debian's patches, then ours.
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchInput, type Places } from '../inputs/fetch.ts';
import { inputs } from '../inputs/sources.ts';
import { $ } from '../run.ts';

/** Where U-Boot looks for the environment that is built in (CONFIG_ENV_SOURCE_FILE). */
const ENVIRONMENT_FOLDERS = ['board/raspberrypi/rpi', 'board/emulation/qemu-arm'];

/** Unpacks and patches below the folder; `artifacts` is boot-artifacts/rpi/u-boot. Returns the source's own folder. */
export async function prepareSource(
  folder: string,
  { artifacts, places }: { readonly artifacts: string; readonly places: Places },
): Promise<string> {
  const source = join(folder, 'source');
  await mkdir(source, { recursive: true });
  await $`tar xf ${await fetchInput(inputs.uBoot, places)} --strip-components=1 -C ${source}`;
  await $`tar xf ${await fetchInput(inputs.uBootDebian, places)} -C ${folder}`;
  const series = await readFile(join(folder, 'debian/patches/series'), 'utf8');
  const debian = patchNames(series).map((name) => join(folder, 'debian/patches', name));
  const ours = (await readdir(join(artifacts, 'patches'))).toSorted();
  for (const patch of [...debian, ...ours.map((name) => join(artifacts, 'patches', name))]) {
    await $`patch -p1 -s -d ${source} -i ${patch}`;
  }
  for (const place of ENVIRONMENT_FOLDERS) {
    await copyFile(join(artifacts, 'walt.env'), join(source, place, 'walt.env'));
  }
  return source;
}

/** The patches of a quilt series, in their order. */
export function patchNames(series: string): string[] {
  return series
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
