// A release with little in it, built as people build it.
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

const DATE = '1700000000';
const SMALL = ['--media', 'pc', '--media', 'pxe', '--arch', 'amd64', '--image', 'none'];

/** Where it goes, what signs it, and under which circumstances it is built. */
export type SmallRelease = {
  readonly release: string;
  readonly key: string;
  readonly umask?: string;
  readonly zone?: string;
};

/** @param root of a checkout */
export async function buildSmallRelease(
  root: string,
  { release, key, umask = '022', zone = 'UTC' }: SmallRelease,
): Promise<void> {
  const command = [process.execPath, join(root, 'scripts/release.ts'), ...SMALL, '--level', '0'];
  const all = [...command, '--to', release, '--key', key];
  await $({
    cwd: '/',
    env: { ...process.env, SOURCE_DATE_EPOCH: DATE, TZ: zone },
  })`sh -c ${`umask ${umask} && exec "$@"`} sh ${all}`;
}
