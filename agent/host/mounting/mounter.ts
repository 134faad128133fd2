// Who mounts file systems for the server. They have to be in the mounts of the machine, where NFS servers and programs of other
// units see them: a server that has mounts of its own asks the helper for it (agent/helper).
import { releaseDevices } from './loop-devices.ts';
import { type Mountable, mountErofs } from './mount-erofs.ts';
import { mountExt4, type OwnedFolder } from './mount-ext4.ts';
import { showMounts } from './show-mounts.ts';
import { unmount } from './unmount.ts';

/** All paths are absolute. Each method throws {WaltError} with the reason. */
export type Mounter = {
  /** @param place an empty folder */
  mountErofs(place: string, mountable: Mountable): Promise<void>;
  /**
   * For reading and writing.
   * @param place an empty folder
   * @param files.name of a folder in it, which is made where it is missing, and belongs to user and group `files.uid`
   */
  mountExt4(place: string, file: string, files: OwnedFolder): Promise<void>;
  /** Also where something is open in it: then it is gone from here at once, and from the machine when it is closed. */
  unmount(place: string): Promise<void>;
  /** Lets go of loop devices of files below `folder` that are mounted nowhere. */
  releaseDevices(folder: string): Promise<void>;
  /** Shows a process that may have mounts of its own what is mounted at `places`. */
  showMounts(pid: number, places: readonly string[]): Promise<void>;
};

/** By this process itself. */
export const ownMounter: Mounter = {
  mountErofs: (place, mountable) => mountErofs(place, mountable),
  mountExt4: (place, file, files) => mountExt4(place, file, { files }),
  unmount: (place) => unmount(place),
  releaseDevices,
  showMounts,
};
