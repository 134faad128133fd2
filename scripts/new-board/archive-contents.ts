// What is in an OCI archive of one image, without unpacking it: labels, and the paths of all layers.
import { $ } from '../run.ts';

/** Labels of the image, and the paths in all its layers together, deleted ones too. */
export type ArchiveContents = {
  readonly labels: Readonly<Record<string, string>>;
  /** Without a slash before them. */
  readonly paths: ReadonlySet<string>;
};

type Descriptor = { readonly digest: string };

/** @throws {Error} saying which archive, if it is none */
export async function archiveContents(archive: string): Promise<ArchiveContents> {
  try {
    const index = await json<{ manifests: Descriptor[] }>(archive, 'index.json');
    const [first] = index.manifests;
    if (first === undefined) throw new Error('it holds no image');
    const manifest = await json<{ config: Descriptor; layers: Descriptor[] }>(archive, blob(first));
    const { config } = await json<{ config?: { Labels?: Record<string, string> } }>(
      archive,
      blob(manifest.config),
    );
    const lists = await Promise.all(manifest.layers.map((layer) => listOf(archive, blob(layer))));
    return { labels: config?.Labels ?? {}, paths: new Set(lists.flat()) };
  } catch (cause) {
    throw new Error(`Cannot read image ${archive}: ${wordsOf(cause)}`, { cause });
  }
}

async function json<Content>(archive: string, path: string): Promise<Content> {
  return JSON.parse((await $`tar --extract --to-stdout --file ${archive} ${path}`).stdout);
}

async function listOf(archive: string, path: string): Promise<string[]> {
  const { stdout } =
    await $`tar --extract --to-stdout --file ${archive} ${path} | tar --list --gzip`;
  return stdout.split('\n').map((line) => line.replace(/^\.?\/+/, ''));
}

function blob({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function wordsOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.trim().split('\n')[0] ?? '';
}
