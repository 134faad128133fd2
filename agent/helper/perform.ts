// What the helper does for each request.
import type { FileHandle } from 'node:fs/promises';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, WaltError } from '../errors.ts';
import { isClockSynchronised } from '../host/clock/clock-state.ts';
import { mountsOf } from '../host/folders/mount-table.ts';
import { openBeneath } from '../host/folders/open-beneath.ts';
import { releaseDevices } from '../host/mounting/loop-devices.ts';
import { mountErofs } from '../host/mounting/mount-erofs.ts';
import { mountExt4 } from '../host/mounting/mount-ext4.ts';
import { showMounts } from '../host/mounting/show-mounts.ts';
import { unmount } from '../host/mounting/unmount.ts';
import type { HelperAnswer, HelperRequest } from './requests.ts';

/** What the configuration says, which belongs to root. */
export type HelperFacts = {
  /** the state folder, absolute and without links */
  readonly state: string;
};

/** @returns what was asked for @throws {WaltError} with the reason */
export async function perform(
  request: HelperRequest,
  facts: HelperFacts,
): Promise<Omit<HelperAnswer, 'reason'>> {
  if (request.verb === 'clock') return { isSynchronised: await isClockSynchronised() };
  await mount(request, facts);
  return {};
}

type MountRequest = Exclude<HelperRequest, { verb: 'clock' }>;

/** The kernel has 100,000 for all programs of the machine (`fs.mount-max`). */
const MOST_MOUNTS = 20_000;

/** Nothing is mounted over what is mounted, and not without end. */
async function requireRoom(state: string, place: string): Promise<void> {
  const places = [...(await mountsOf('self')).keys()];
  if (places.includes(join(state, place))) {
    throw new WaltError(`Cannot mount ${place}: something is mounted there`);
  }
  if (places.filter((each) => each.startsWith(`${state}/`)).length >= MOST_MOUNTS) {
    throw new WaltError(`Cannot mount ${place}: ${MOST_MOUNTS} are mounted in ${state} already`);
  }
}

async function mount(request: MountRequest, facts: HelperFacts): Promise<void> {
  const { state } = facts;
  if ('file' in request) await requireRoom(state, request.place);
  switch (request.verb) {
    case 'mount-erofs': {
      const { place, file, data } = request;
      return await opened(state, { folder: place, files: [file, ...data] }, async (files) => {
        const [root = '', ...layers] = files.map((_, index) => fdPath(index)).slice(1);
        await mountErofs(`${fdPath(0)}/.`, { file: root, data: layers }, { files });
      });
    }
    case 'mount-ext4': {
      const { place, file, files } = request;
      return await opened(state, { folder: place, files: [file] }, (handles) => {
        // What is open lies below what is mounted then, which its parent leads to.
        const root = `/proc/self/fd/${handles[0]}/../${basename(place)}`;
        return mountExt4(`${fdPath(0)}/.`, fdPath(1), { files, opened: handles, root });
      });
    }
    case 'unmount':
      return await unmountBeneath(state, request.place);
    case 'release-devices':
      return await releaseDevices(state);
    case 'show-mounts': {
      const { pid, places } = request;
      await requireOwnUsers(pid);
      const paths = places.map((place) => join(state, place));
      return await showMounts(pid, paths);
    }
  }
}

async function unmountBeneath(state: string, place: string): Promise<void> {
  if (!(await mountsOf('self')).has(join(state, place))) {
    throw new WaltError(`Cannot unmount ${place}: nothing is mounted there`);
  }
  await opened(state, { folder: place, files: [] }, (files) =>
    unmount(`${fdPath(0)}/.`, { files }),
  );
}

/**
 * Programs that enter the mounts of a process run what they find there: only root is to have laid it out. Others need user IDs of
 * their own for that (user_namespaces(7)).
 */
async function requireOwnUsers(pid: number): Promise<void> {
  const usersOf = (of: number | 'self') => readlink(`/proc/${of}/ns/user`).catch(() => undefined);
  if ((await usersOf(pid)) === (await usersOf('self'))) return;
  throw new WaltError(`Cannot show mounts to process ${pid}: it is gone, or has users of its own`);
}

type Wanted = { readonly folder: string; readonly files: readonly string[] };

/** Calls `use` with the open folder first, then the files in their order. Messages name paths, not numbers of open files. */
async function opened(
  state: string,
  { folder, files }: Wanted,
  use: (files: readonly number[]) => Promise<void>,
): Promise<void> {
  const handles: FileHandle[] = [];
  try {
    handles.push(await openBeneath({ folder: state, path: folder, kind: 'folder' }));
    for (const path of files) {
      handles.push(await openBeneath({ folder: state, path, kind: 'file' }));
    }
    await use(handles.map(({ fd }) => fd));
  } catch (cause) {
    throw new WaltError(withNames(messageOf(cause), [folder, ...files]), { cause });
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** How a program that is given open files names them. */
function fdPath(index: number): string {
  return `/proc/self/fd/${index + 3}`;
}

function withNames(text: string, paths: readonly string[]): string {
  return text.replace(
    /\/proc\/self\/fd\/(\d+)(\/\.)?/g,
    (all, number) => paths[Number(number) - 3] ?? all,
  );
}
