// English texts of page Images.
import { many } from './many.ts';

/** Page Images. */
export const imagesTexts = {
  images: {
    title: 'Images',
    count: (count: number) => many(count, 'image'),
    columns: {
      name: 'Image',
      models: 'Models',
      size: 'Size',
      created: 'Made',
      users: 'Nodes',
      actions: 'Actions',
    },
    free: 'default',
    clone: 'Clone',
    remove: 'Remove',
    duplicate: 'Duplicate',
    find: 'Find images…',
    import: 'Import…',
    noneTitle: 'No image yet',
    noneText: 'Find one in a registry, or import an archive.',
    nodes: (count: number) => (count === 0 ? '–' : many(count, 'node')),
    cloneTitle: (name: string) => `Clone ${name}`,
    cloneText: 'Makes an image of yours from it. You can change it, and boot your nodes with it.',
    ownName: 'Name of your image',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText:
      'Its content is freed from the disk at the next clean-up, unless another image has it. This cannot be undone.',
    removed: (name: string) => `${name} is removed.`,
    duplicateTitle: (name: string) => `Duplicate ${name}`,
    duplicateText: 'Gives its content a second name. Both can be changed by themselves afterwards.',
    made: (name: string) => `${name} is there.`,
    findTitle: 'Find images',
    findText: 'Of other users, of folders of archives and of registries.',
    keyword: 'Part of the name',
    found: (count: number) => `${many(count, 'image')} found`,
    searching: 'Searching…',
    importTitle: 'Import an image',
    importText:
      'An archive of docker save, podman save or OCI, or an OCI layout folder, on the disk of the server.',
    path: 'Absolute path on the server',
    nameInstead: 'Name, instead of that in the archive (optional)',
    working: 'Under way',
    fetching: 'Being fetched for machines that wait',
  },
} as const;
