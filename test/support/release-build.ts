// Releases, built as people build them.
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

const DATE = '1700000000';
const WHAT = {
  small: ['--media', 'pc', '--media', 'pxe', '--arch', 'amd64', '--image', 'none'],
  whole: ['--image', 'none'],
} as const;

/** Where it goes, what signs it, and under which circumstances it is built. */
export type ReleaseBuild = {
  readonly release: string;
  readonly key: string;
  readonly umask?: string;
  readonly zone?: string;
  /** number of the user and of the group that builds it; those of this process unless given */
  readonly user?: number;
  readonly env?: Readonly<Record<string, string>>;
};

/** With little in it. @param root of a checkout */
export function buildSmallRelease(root: string, build: ReleaseBuild): Promise<void> {
  return buildRelease(root, WHAT.small, build);
}

/** With all media and packages, but no images. @param root of a checkout */
export function buildWholeRelease(root: string, build: ReleaseBuild): Promise<void> {
  return buildRelease(root, WHAT.whole, build);
}

async function buildRelease(
  root: string,
  what: readonly string[],
  { release, key, umask = '022', zone = 'UTC', user, env = {} }: ReleaseBuild,
): Promise<void> {
  const as =
    user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const command = [process.execPath, join(root, 'scripts/release.ts'), ...what, '--level', '0'];
  const all = [...as, ...command, '--to', release, '--key', key];
  await $({
    cwd: '/',
    env: { ...process.env, SOURCE_DATE_EPOCH: DATE, TZ: zone, ...env },
  })`sh -c ${`umask ${umask} && exec "$@"`} sh ${all}`;
}
