// Images, where they come from, and how nodes read and keep files.
import { z } from 'zod';
import { isLoopback } from './forms.ts';

/** Keys of `nfs`. */
export const nfs = z.strictObject({
  backend: z
    .enum(['auto', 'kernel', 'ganesha'])
    .default('auto')
    .describe(
      'NFS server: the kernel one, nfs-ganesha, or whichever this machine has (kernel first).',
    ),
});

/** Keys of `persist`. */
export const persist = z.strictObject({
  megabytes: z
    .int()
    .min(16)
    .max(1_048_576)
    .default(1024)
    .describe(
      'Size in MiB of what a node may keep for one owner (setting `mount.persist`). It is taken from the disk of `state` ' +
        'when a node first has it; a change is for those that are made later.',
    ),
});

const registryName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected a short name in lower case, as hub')
  .describe('How people and messages call it.');

const registryAddress = z
  .string()
  .regex(
    /^[A-Za-z0-9.[\]:-]+(\/[A-Za-z0-9._/-]+)?$/,
    'expected host, host:port or host/path, without https://',
  );

const folderRegistry = z.strictObject({
  name: registryName,
  folder: z
    .string()
    .describe(
      'In place of an address: a folder of OCI archives, docker archives and OCI layouts on this machine. A ' +
        'relative path is below `state`.',
    ),
});

const remoteRegistry = z
  .strictObject({
    name: registryName,
    address: registryAddress.describe('Host, with port and path where needed, as `docker.io`.'),
    credentials: z
      .string()
      .optional()
      .describe(
        'File with `user:password` in its first line, or an auth.json as `skopeo login` writes it. Only root ' +
          'should be able to read it.',
      ),
    ca: z
      .string()
      .optional()
      .describe('File with the certificates (PEM) that its certificate may be signed by.'),
    http: z
      .boolean()
      .default(false)
      .describe('Speak plain HTTP. Only to an address of this machine, as `127.0.0.1:5000`.'),
    mirrors: z
      .array(registryAddress)
      .default([])
      .describe('Addresses that have the same images: asked first, in this order.'),
  })
  .refine(({ http, address, mirrors }) => !http || [address, ...mirrors].every(isLoopback), {
    path: ['http'],
    error: 'plain HTTP is for addresses of this machine only (127.0.0.1, [::1], localhost)',
  });

/** One entry of `images.registries`: a place that images come from. It has a `folder` of this machine or an `address`. */
export type Registry = z.output<typeof folderRegistry> | z.output<typeof remoteRegistry>;

/** Keys of `images`. */
export const images = z.strictObject({
  defaultName: z
    .string()
    .includes('<model>')
    .default('waltplatform/<model>-default:latest')
    .describe(
      'Name of the default image of a model; `<model>` stands for the model, or for the name of several in one image.',
    ),
  overlay: z
    .string()
    .optional()
    .describe('Folder laid over every image (default: `buildroot-overlay` of this installation).'),
  registries: z
    .array(z.union([folderRegistry, remoteRegistry]))
    .default([
      { name: 'archives', folder: 'archives' },
      { name: 'hub', address: 'docker.io', http: false, mirrors: [] },
    ])
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
      error: 'two registries have the same name',
    })
    .describe('Where images are looked for, in this order.'),
  unusedDays: z
    .int()
    .min(1)
    .default(30)
    .describe('`walt image gc` offers images for removal that no node had for so many days.'),
  hotPacks: z
    .boolean()
    .default(true)
    .describe(
      'What boots read of an image is recorded, and sent to later boots in one piece: images made from the default ones, and those with label `walt.hot-pack=true`.',
    ),
  hotPackTrials: z
    .enum(['idle', 'always', 'never'])
    .default('idle')
    .describe(
      'Whether the server boots such an image for PCs once by itself, in a virtual machine that nobody sees, so that the ' +
        'first node has a pack already. `idle`: where no node boots, 2 GiB of memory are free and the processors have ' +
        'little to do; `always`: whatever the processors do.',
    ),
  maxFiles: z
    .int()
    .min(1)
    .default(100_000)
    .describe('An image with so many files or more is refused.'),
  maxGigabytes: z
    .number()
    .positive()
    .default(20)
    .describe('An image that is larger than this, unpacked, is refused.'),
});
