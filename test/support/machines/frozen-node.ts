// A lab for real machines that freeze and are healed: the time of day of its server goes faster, so that minutes without a sign are
// seconds; what machines load has real time.
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { makeQuickImage } from '../../../lab/boards/quick-image.ts';
import { defaultImage, type Lab, makeLab } from '../../../lab/lab.ts';
import { variantOf } from '../images/variant.ts';
import { eventually } from '../lab.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PACE = 100;
/** What a virtual node boots that is made from the default image. */
const OWN = 'root/pc-x86-64';
const PATIENCE = 900;
/** Of a virtual node: 12 s for one that is frozen, ten minutes for one that boots. */
const [SHORT, LONG] = ['boot.timeout=120', 'boot.timeout=6000'];

/** Such a lab, its server running. */
export type FrozenLab = {
  readonly lab: Lab;
  /** path of the layout of an image that boots */
  readonly whole: string;
  /** a file of it */
  read(path: string): Promise<Buffer>;
  /** the image with other files */
  variant(name: string, files: Parameters<typeof variantOf>[2]): Promise<string>;
  /** Waits until the server has said so. */
  said(expected: RegExp): Promise<void>;
};

/** A virtual node of that lab. */
export type FrozenNode = {
  /** What it boots from now on. */
  put(image: string): Promise<void>;
  /** Waits until its console shows this, after what it had shown at the last such call. */
  shows(expected: RegExp): Promise<void>;
  /** It is given little time, until it was helped so often, by its power unless `how` is another way; then all the time that it needs. */
  isHelped(times: number, why?: string, how?: string): Promise<void>;
};

/** @param name of the lab, at most 8 characters */
export async function openFrozenLab(t: ExecutionContext, name: string): Promise<FrozenLab> {
  const folder = join(await temporaryFolder(t), 'quick');
  const whole = await makeQuickImage(defaultImage, folder);
  const options = { pace: PACE, paceOf: 'day' } as const;
  const lab = await makeLab(name, { images: { registries: [] } }, options);
  t.teardown(() => lab.close());
  t.log(`the time of day of the server went ${PACE} times faster`);
  await lab.startServer();
  await lab.walt('image', 'import', whole, '--name', 'waltplatform/pc-x86-64-default:latest');
  return {
    ...{ lab, whole },
    read: (path) => readFile(join(folder, 'bundle/rootfs', path)),
    variant: (variant, files) => variantOf(whole, variant, files),
    said: async (expected) => {
      await eventually(lab.serverLog, (text) => expected.test(text), PATIENCE);
    },
  };
}

/** Makes the node, which boots the image. */
export async function createFrozenNode(
  { lab }: FrozenLab,
  { name, image }: { readonly name: string; readonly image: string },
): Promise<FrozenNode> {
  const put = async (from: string) => {
    await lab.walt('image', 'import', from, '--name', OWN, '--yes');
  };
  await put(image);
  await lab.walt('node', 'create', name, 'ram=384M', 'cpu.cores=1', LONG);
  let seen = 0;
  /** how much of the log was of earlier freezes */
  let heard = 0;
  return {
    put,
    shows: async (expected) => {
      const shown = await eventually(
        () => consoleOf(lab),
        (text) => expected.test(text.slice(seen)),
        PATIENCE,
      );
      seen = shown.length;
    },
    isHelped: async (times, why = '.*', how = 'its power is cycled') => {
      await lab.walt('node', 'config', name, SHORT);
      const expected = new RegExp(
        `node ${name} does not come up: ${why}; ${how}.*\\(help ${times} of`,
      );
      const log = await eventually(
        lab.serverLog,
        (text) => expected.test(text.slice(heard)),
        PATIENCE,
      );
      heard = log.length;
      await lab.walt('node', 'config', name, LONG);
    },
  };
}

/** What the one QEMU has printed. A command that asks the server for it would take its time from QEMU. */
async function consoleOf(lab: Lab): Promise<string> {
  const [file] = globSync(join(lab.folder, 'state/machines/*/console.log'));
  return file === undefined ? '' : await readFile(file, 'latin1');
}
