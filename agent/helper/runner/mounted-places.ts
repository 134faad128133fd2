// Where the server is a user of its own, what it has served of its state folder are mounts alone. Of a plain folder there an NFS server
// shows the whole disk to who makes up handles of files: no check keeps a handle to the folder that is exported.
import { WaltError } from '../../errors.ts';
import { mountsOf } from '../../host/folders/mount-table.ts';
import { ownUserOf } from '../../host/folders/state-owner.ts';
import type { NfsExport } from '../../nfs/export.ts';

/** Those that may be served, and a sentence for each of the others. */
export type Sorted = {
  readonly mounted: readonly NfsExport[];
  readonly refused: readonly string[];
};

/** @param state the server's folder, without links; of one that is root's all is served as it is */
export async function sortMounted(state: string, exports: readonly NfsExport[]): Promise<Sorted> {
  const isServed = await servedOf(state);
  const placesOf = ({ imagePath, share }: NfsExport) =>
    share === undefined ? [imagePath] : [imagePath, share.disk];
  const refusals = exports.map((each) => ({
    each,
    place: placesOf(each).find((place) => !isServed(place)),
  }));
  return {
    mounted: refusals.flatMap(({ each, place }) => (place === undefined ? [each] : [])),
    refused: refusals.flatMap(({ each, place }) =>
      place === undefined ? [] : [`Cannot export ${place} to ${each.ip}: nothing is mounted there`],
    ),
  };
}

/** @throws {WaltError} where a server that is a user of its own names a folder at which nothing is mounted */
export async function requireMounted(state: string, place: string): Promise<void> {
  if ((await servedOf(state))(place)) return;
  throw new WaltError(`Cannot look into ${place}: nothing is mounted there`);
}

async function servedOf(state: string): Promise<(place: string) => boolean> {
  if ((await ownUserOf(state)) === undefined) return () => true;
  const mounts = await mountsOf('self');
  return (place) => mounts.has(place);
}
