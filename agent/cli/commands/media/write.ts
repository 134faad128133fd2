// `walt media write`: makes a stick or a card of a medium.
import { resolve } from 'node:path';
import { sizeText } from '../../../host/text/size-text.ts';
import { type Command, type Io, YES_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { measured } from '../../media/copied-bytes.ts';
import { type Disk, diskAt, isRemovable, isSame, refusal } from '../../media/disk.ts';
import { diskText } from '../../media/disk-content.ts';
import { mediumNamed } from '../../media/medium.ts';
import { writeDisk } from '../../media/write-disk.ts';
import { confirm } from '../../terminal/confirm.ts';

export const mediaWrite: Command = {
  category: 'media',
  name: 'write',
  help: 'write a boot medium to a stick or card, which loses all that is on it',
  arguments: [
    { name: 'NAME', help: 'the medium, as walt media show lists it', names: 'disk-medium' },
    { name: 'DISK', help: 'the whole disk, as /dev/sdX (lsblk lists them)' },
  ],
  options: [{ ...YES_OPTION, help: 'do it without asking, and to disks that are not removable' }],
  async run(client, { words: [name = '', place = ''], flags }, io) {
    const medium = await mediumNamed(client, name);
    if (!medium.isDisk) {
      throw new CommandError(
        `Cannot write ${medium.name} to a disk: it is an archive of files (${medium.machines}).\n` +
          `Get it with walt media get ${medium.name}, and unpack it there.`,
      );
    }
    const disk = await diskAt(resolve(io.folder, place));
    check(disk, 0);
    const { bytes, hash } = await measured(medium, io.signal);
    check(disk, bytes);
    await ask(disk, { flags, io, what: `${medium.name} (${sizeText(bytes)})` });
    const now = await diskAt(disk.path);
    if (!isSame(disk, now)) throw new CommandError(`${disk.path} was changed for another disk.`);
    check(now, bytes);
    await writeDisk({ medium, path: disk.path, bytes, hash }, io);
    io.out(
      `${medium.name} is on ${disk.path}, and was read back: it is whole. It can be taken out.`,
    );
  },
};

/** @throws {CommandError} if it may not be written to */
function check(disk: Disk, bytes: number): void {
  const reason = refusal(disk, bytes);
  if (reason === undefined) return;
  throw new CommandError(`Cannot write to it: ${reason}.\nNothing was changed.`);
}

async function ask(
  disk: Disk,
  {
    flags,
    io,
    what,
  }: { readonly flags: ReadonlySet<string>; readonly io: Io; readonly what: string },
): Promise<void> {
  io.note(await diskText(disk));
  if (!isRemovable(disk) && !flags.has(YES_OPTION.name)) {
    throw new CommandError(
      `Cannot write to ${disk.path}: it is not removable, so it may be a disk of this machine.\n` +
        'Nothing was changed. Add --yes if you mean it.',
    );
  }
  await confirm(`All that is on it will be lost, and ${what} be there instead.`, { io, flags });
}
