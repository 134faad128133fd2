// Puts into a real registry what skopeo does not make: lists of images, and one image under many names.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Manifest } from '../../../agent/images/content/descriptor.ts';

export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** @param place `owner/name` with a tag or digest @returns its digest and size */
export async function putManifest(
  address: string,
  place: string,
  { mediaType, value }: { readonly mediaType: string; readonly value: object | Uint8Array },
): Promise<Descriptor> {
  const at = place.lastIndexOf(':');
  const url = `http://${address}/v2/${place.slice(0, at)}/manifests/${place.slice(at + 1)}`;
  const body = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value));
  const headers = { 'content-type': mediaType };
  const response = await fetch(url, { method: 'PUT', headers, body: Buffer.from(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const digest = response.headers.get('docker-content-digest') ?? '';
  return { mediaType, digest, size: body.length };
}

/** The manifest of the one image of a layout. */
export async function manifestOf(layout: string): Promise<{ bytes: Buffer; digest: string }> {
  const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as {
    manifests: Descriptor[];
  };
  const digest = manifests[0]?.digest ?? '';
  return { digest, bytes: await readFile(join(layout, 'blobs', ...digest.split(':'))) };
}

/** Gives the image of `from`, whose layout is given, another name; nothing of it is sent again. */
export async function putAgain(
  address: string,
  layout: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const { bytes } = await manifestOf(layout);
  const { config, layers } = JSON.parse(bytes.toString()) as Manifest;
  for (const { digest } of [config, ...layers]) {
    const url = `http://${address}/v2/${to}/blobs/uploads/?mount=${digest}&from=${from}`;
    const { status } = await fetch(url, { method: 'POST' });
    if (status !== 201) throw new Error(`${url}: ${status}`);
  }
  await putManifest(address, `${to}:latest`, { mediaType: MANIFEST, value: bytes });
}
