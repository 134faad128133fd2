// Tar archives made byte by byte, also such as no program would make.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export type Entry = {
  readonly path: string;
  /** type flag, `0` for a file */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  /** what the header says, if not the length of the content */
  readonly size?: number;
  readonly target?: string;
  readonly mode?: number;
  readonly device?: readonly [number, number];
  /** user and group */
  readonly owner?: number;
};

export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(1024)]);
}

function blocks({
  path,
  type = '0',
  content = '',
  size,
  target = '',
  mode = 0o755,
  device,
  owner = 0,
}: Entry) {
  const data = Buffer.from(content);
  const header = Buffer.alloc(512);
  const put = (at: number, text: string) => header.write(text, at, 'latin1');
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  put(0, path);
  put(100, octal(mode, 8));
  put(108, octal(owner, 8));
  put(116, octal(owner, 8));
  put(124, octal(size ?? data.length, 12));
  put(136, octal(1, 12));
  put(148, ' '.repeat(8));
  put(156, type);
  put(157, target);
  put(257, 'ustar\x0000');
  put(329, octal(device?.[0] ?? 0, 8));
  put(337, octal(device?.[1] ?? 0, 8));
  put(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
}

/** An extended attribute of the entry that follows (pax record of GNU tar and others). */
export function attribute(name: string, value: string): Entry {
  const record = ` SCHILY.xattr.${name}=${value}\n`;
  // The length counts its own digits.
  return { path: 'attributes', type: 'x', content: `${record.length + 2}${record}` };
}

type Made = {
  readonly labels?: Record<string, string>;
  readonly architecture?: string;
  /** under which programs find the image in the layout */
  readonly tag?: string;
};

/** An OCI layout of these layers, as tar archives. @returns its folder */
export async function makeLayout(
  folder: string,
  layers: readonly Uint8Array[],
  { labels = { 'walt.node.models': 'pc-x86-64' }, architecture = 'amd64', tag }: Made = {},
): Promise<string> {
  const blobs = join(folder, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (mediaType: string, bytes: Uint8Array) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, digest), bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const json = (value: object) => Buffer.from(JSON.stringify(value));
  const packed = [];
  for (const layer of layers) {
    packed.push(await put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(layer)));
  }
  const diffIds = layers.map(
    (layer) => `sha256:${createHash('sha256').update(layer).digest('hex')}`,
  );
  const config = await put(
    'application/vnd.oci.image.config.v1+json',
    json({
      architecture,
      os: 'linux',
      config: { Labels: labels },
      rootfs: { type: 'layers', diff_ids: diffIds },
    }),
  );
  const kind = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await put(
    kind,
    json({ schemaVersion: 2, mediaType: kind, config, layers: packed }),
  );
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const annotations = tag === undefined ? {} : { 'org.opencontainers.image.ref.name': tag };
  const manifests = [{ ...manifest, annotations }];
  await writeFile(join(folder, 'index.json'), json({ schemaVersion: 2, manifests }));
  return folder;
}

/** The files of an image that boots a PC, as far as the server can tell. */
export const BOOTABLE: readonly Entry[] = [
  { path: 'bin/', type: '5' },
  { path: 'bin/busybox', content: 'busybox' },
  { path: 'sbin/', type: '5' },
  { path: 'sbin/init', content: 'init' },
  { path: 'boot/', type: '5' },
  { path: 'boot/pc-x86-64/', type: '5' },
  { path: 'boot/pc-x86-64/start.ipxe', content: '#!ipxe\nkernel kernel || exit\n' },
  { path: 'boot/pc-x86-64/kernel', content: 'kernel' },
];
