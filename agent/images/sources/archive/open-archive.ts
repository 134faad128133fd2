// An image on the server's own disk, whatever program wrote it and in which form.
import { stat } from 'node:fs/promises';
import { ImageError, messageOf, RequestError, WaltError } from '../../../errors.ts';
import { oneLine } from '../../../host/text/shown-text.ts';
import { fullImageName } from '../../content/image.ts';
import { TarError } from '../../content/layers/tar/tar-error.ts';
import type { ImageSource } from '../../content/source.ts';
import type { Wanted } from '../choice/choose-manifest.ts';
import { resolveEntries } from '../choice/resolve-image.ts';
import type { ArchiveFiles } from './archive-files.ts';
import { type ArchiveContent, imagesByName, selectImage } from './archived-image.ts';
import { readSaved } from './docker-archive.ts';
import { openFolder } from './folder-files.ts';
import { imageNameOf } from './image-names.ts';
import { readLayout } from './oci-layout.ts';
import { plainTar } from './plain-tar.ts';
import { openTar } from './tar-files.ts';

/** An image on the disk of this machine. */
export type Archive = {
  readonly source: ImageSource;
  /** `owner/name:tag`, if the archive gives its image a name of that form */
  readonly name?: string;
};

type Options = {
  /** folder of the caller's own, which has to be there as long as the source is read: for compressed archives */
  readonly work: string;
  /** which of several images in one archive, `owner/name` with or without a tag */
  readonly name?: string;
  /** which of several platforms; by default the labels of the images tell */
  readonly wanted?: Wanted;
};

/**
 * @param path of an OCI layout (folder), an OCI archive or an archive of `docker save` or `podman save` (tar, also compressed)
 * @throws {RequestError} if there is nothing, or the name can be that of no image
 * @throws {ImageError} if it is none of these, or has not the image that is wanted
 */
export async function openArchive(
  path: string,
  { work, name: wantedName, wanted = {} }: Options,
): Promise<Archive> {
  const full = wantedName === undefined ? undefined : fullImageName(wantedName);
  return await explained(path, async () => {
    const { images, parts } = await contentOf(path, work);
    const { name, entries } = selectImage(images, full);
    const source = await resolveEntries(entries, { parts: { ...parts, shown: path }, wanted });
    return { source, ...(name === undefined ? {} : { name }) };
  });
}

/**
 * Names of the images in an archive, `owner/name:tag`.
 * @throws {RequestError | ImageError} as `openArchive` does
 */
export async function namesInArchive(path: string, work: string): Promise<string[]> {
  return await explained(path, async () => {
    const { images } = await contentOf(path, work);
    const names = imagesByName(images).flatMap((group) => group.flatMap((each) => each.names));
    return [...new Set(names.flatMap((name) => imageNameOf(name) ?? []))];
  });
}

async function contentOf(path: string, work: string): Promise<ArchiveContent> {
  const files = await openFiles(path, work);
  const content =
    files === undefined ? undefined : ((await readLayout(files)) ?? (await readSaved(files)));
  if (content !== undefined) return content;
  throw new WaltError('it is no OCI image, nor an archive made by docker save');
}

/** Undefined for what is neither a folder nor a tar. */
async function openFiles(path: string, work: string): Promise<ArchiveFiles | undefined> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new RequestError(404, `Cannot import ${path}: there is no such file or folder`, {
      cause,
    });
  });
  if (status.isDirectory()) return await openFolder(path);
  if (!status.isFile()) return undefined;
  return await openTar(await plainTar(path, work));
}

async function explained<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof RequestError) throw thrown;
    const reason = thrown instanceof TarError ? damaged(thrown) : messageOf(thrown);
    // Names in it are whatever somebody wrote into the archive.
    throw new ImageError(`Cannot import ${path}: ${oneLine(reason)}`, [], { cause: thrown });
  }
}

function damaged({ message }: TarError): string {
  return `it is no OCI image, nor an archive made by docker save, or it is damaged: ${message}`;
}
