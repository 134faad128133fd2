// An image on the server's own disk: what kind of thing it is, and the name it has there.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, RequestError } from '../../errors.ts';
import { runProgram } from '../../host/program.ts';
import type { Descriptor } from '../content/blobs.ts';
import { isImageName } from '../content/image.ts';
import type { OciSource } from './oci.ts';

export type Archive = {
  readonly source: OciSource;
  /** the name that the archive gives its image, if any */
  readonly name?: string;
};

const REF_NAME = 'org.opencontainers.image.ref.name';

/**
 * @param path of an OCI layout (folder), an OCI archive or a docker archive (tar, also compressed)
 * @throws {RequestError} if there is nothing
 * @throws {ImageError} if it is none of these
 */
export async function openArchive(path: string): Promise<Archive> {
  const isFolder = await stat(path).then(
    (status) => status.isDirectory(),
    (cause: unknown) => {
      throw new RequestError(404, `Cannot import ${path}: there is no such file or folder`, {
        cause,
      });
    },
  );
  const text = isFolder
    ? await readFile(join(path, 'index.json'), 'utf8').catch(() => undefined)
    : await member(path, 'index.json');
  if (text !== undefined) {
    const { manifests } = parse<{ manifests?: Descriptor[] }>(text, path);
    const kind = isFolder ? 'oci' : 'oci-archive';
    return archive(`${kind}:${path}`, path, manifests?.[0]?.annotations?.[REF_NAME]);
  }
  const list = isFolder ? undefined : await member(path, 'manifest.json');
  if (list === undefined) {
    throw new ImageError(
      `Cannot import ${path}: it is no OCI image, nor an archive made by docker save`,
    );
  }
  const [first] = parse<{ RepoTags?: string[] | null }[]>(list, path);
  return archive(`docker-archive:${path}`, path, first?.RepoTags?.[0]);
}

function archive(reference: string, shown: string, given: string | undefined): Archive {
  const name = nameWithoutHost(given ?? '');
  return { source: { reference, shown }, ...(isImageName(name) ? { name } : {}) };
}

/** Podman and skopeo write `docker.io/owner/name` or `localhost/name`: a first part with a dot or a port is a host. */
function nameWithoutHost(name: string): string {
  return name.replace(/^(localhost|[^/]*[.:][^/]*)(?=\/)\//, '');
}

function parse<Content>(text: string, path: string): Content {
  try {
    return JSON.parse(text) as Content;
  } catch (cause) {
    throw new ImageError(`Cannot import ${path}: its list of images is damaged`, [], { cause });
  }
}

/** A file at the top of a tar archive. */
async function member(archivePath: string, name: string): Promise<string | undefined> {
  const args = ['-xOf', archivePath, '--occurrence=1', name];
  const text = await runProgram('tar', args)
    .catch(() => runProgram('tar', [...args.slice(0, 3), `./${name}`]))
    .catch(() => '');
  return text === '' ? undefined : text;
}
