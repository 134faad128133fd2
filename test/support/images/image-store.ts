// A store of images in a folder of its own, as the server has it.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from '../../../agent/config/sections/images.ts';
import type { Mounter } from '../../../agent/host/mounting/mounter.ts';
import type { RootForm } from '../../../agent/images/content/roots/make-root.ts';
import type { TemplateNote } from '../../../agent/images/content/templates/fill.ts';
import type { ServerValues } from '../../../agent/images/content/templates/values.ts';
import { ImageStore } from '../../../agent/images/intake/image-store.ts';
import { openRecords } from '../records.ts';

type Options = {
  readonly registries?: readonly Registry[];
  readonly maxFiles?: number;
  readonly maxBytes?: number;
  readonly clock?: () => number;
  readonly templateValues?: () => ServerValues;
  readonly form?: RootForm;
  readonly mounter?: Mounter;
};

/** @param folder opening it again, with the database file in it, is a restart of the server */
export async function openImageStore(folder: string, options: Options = {}) {
  const overlay = join(folder, 'overlay');
  await mkdir(join(overlay, 'bin'), { recursive: true });
  await mkdir(join(folder, 'state'), { recursive: true });
  await writeFile(join(overlay, 'bin/walt-init'), '#!/bin/sh\n', { mode: 0o755 });
  const records = await openRecords(join(folder, 'walt.db'));
  const state = join(folder, 'state');
  const notes: (TemplateNote & { readonly image: string })[] = [];
  const store = new ImageStore({
    folder: state,
    overlay,
    publicKey: 'ssh-ed25519 AAAA walt-server\n',
    templateValues: () => ({}),
    onNotes: (image, found) => notes.push(...found.map((note) => ({ image, ...note }))),
    defaultName: 'waltplatform/<model>-default:latest',
    registries: [],
    maxFiles: 1000,
    maxBytes: 10e6,
    records: records.store.images,
    clock: () => 7,
    ...options,
  });
  const { gone: missing, problems } = await store.load();
  const steps: string[] = [];
  return {
    ...{ store, state, overlay, records, missing, problems, steps, notes },
    progress: (step: string) => steps.push(step),
    /** what is on disk */
    rest: async () => ({
      images: await readdir(join(state, 'images')),
      tmp: await readdir(join(state, 'tmp')),
      layers: await readdir(join(state, 'layers')),
      blobs: await readdir(join(state, 'blobs/sha256')).catch(() => []),
    }),
  };
}
