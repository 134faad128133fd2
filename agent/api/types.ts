// What travels between the server and the `walt` command (and whoever else asks). Times are microseconds
// since 1970, UTC. The schemas check requests and document answers; the command line uses the types alone.
import { z } from 'zod';

const bootState = z.enum([
  'never-booted',
  'dhcp',
  'files',
  'mounted',
  'booted',
  'unconfirmed',
  'stalled',
  'down',
]);

export const nodeView = z.object({
  name: z.string(),
  type: z.enum(['physical', 'virtual']),
  model: z.string(),
  image: z.string(),
  /** `waltplatform` for a free node */
  owner: z.string(),
  ip: z.string(),
  mac: z.string(),
  booted: z.boolean(),
  state: bootState,
  /** when its last boot began */
  since: z.number().nullable(),
});

export const deviceView = z.object({
  name: z.string(),
  ip: z.string(),
  mac: z.string(),
  type: z.enum(['node', 'unknown', 'server']),
  virtual: z.boolean(),
  /** announced by its boot loader */
  model: z.string().nullable(),
  /** of its board, where its firmware tells it */
  serial: z.string().nullable(),
  /** why an unknown device is no node, in words */
  note: z.string().nullable(),
});

export const imageView = z.object({
  name: z.string(),
  digest: z.string(),
  models: z.array(z.string()),
  inUse: z.boolean(),
  created: z.number(),
  /** bytes on disk */
  size: z.number(),
});

export const logView = z.object({
  at: z.number(),
  issuer: z.string(),
  stream: z.string(),
  line: z.string(),
});

/** A stage of a boot; further fields depend on it. */
export const stageView = z.looseObject({ at: z.number(), stage: z.string() });

export const nodesReply = z.object({ nodes: z.array(nodeView) });
export const nodeReply = z.object({
  node: nodeView,
  stages: z.array(stageView),
  /** what a machine with Secure Boot says to the kernel of the node's image; null where it starts none by that way */
  secureBoot: z.string().nullable(),
});
export const devicesReply = z.object({ devices: z.array(deviceView) });
export const imagesReply = z.object({ images: z.array(imageView) });
export const versionReply = z.object({ version: z.string() });
export const errorReply = z.object({ error: z.string() });

export const renameRequest = z.strictObject({
  name: z.string(),
  /** also a node that belongs to another user */
  takesOthers: z.boolean().optional(),
});
/** Nodes get another image: `boot` names one of the caller's, `acquire` and `release` know theirs. */
export const switchRequest = z.strictObject({
  names: z.array(z.string()).min(1),
  /** also nodes that belong to other users */
  takesOthers: z.boolean().optional(),
});
export const bootRequest = switchRequest.extend({ image: z.string() });
export const switchReply = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      image: z.string(),
      /** it had this image before */
      isSame: z.boolean(),
      /** it runs, and has to reboot to get the image */
      isBooted: z.boolean(),
    }),
  ),
});
/** Waits until all are booted, at most so long; `missing` names those that are not yet. */
export const waitRequest = z.strictObject({
  names: z.array(z.string()).min(1),
  timeoutSeconds: z.number().min(0).max(60),
});
export const waitReply = z.object({ missing: z.array(z.string()) });
export const rebootReply = z.object({
  results: z.array(z.object({ name: z.string(), error: z.string().nullable() })),
});
export const importRequest = z.strictObject({
  /** absolute path on the machine of the server */
  source: z.string().startsWith('/'),
  name: z.string().optional(),
});
/** `removeUnused`: also the images that no node had for long. */
export const collectRequest = z.strictObject({ removeUnused: z.boolean().default(false) });
export const collectReply = z.object({
  /** root file systems and parts that were deleted */
  folders: z.number(),
  blobs: z.number(),
  /** bytes that became free */
  freed: z.number(),
  removed: z.array(z.string()),
  unused: z.array(z.object({ name: z.string(), days: z.number(), size: z.number() })),
});
/** An image of the caller's, and the name it gets. */
export const twoNames = z.strictObject({ name: z.string(), to: z.string() });
export const cloneRequest = z.strictObject({
  /** `LOCATION:user/name:tag` */
  source: z.string(),
  name: z.string().optional(),
  /** replaces an image of that name */
  force: z.boolean().optional(),
});
export const searchReply = z.object({ links: z.array(z.string()), problems: z.array(z.string()) });
export const publishRequest = z.strictObject({ name: z.string(), to: z.string().optional() });
export const shellRequest = z.strictObject({ name: z.string(), hasTerminal: z.boolean() });
/** A session that is kept; `hasTerminal` as in `shellRequest`. */
export const resumeRequest = z.strictObject({ id: z.string(), hasTerminal: z.boolean() });
export const dropRequest = z.strictObject({ id: z.string() });
/** Sessions of the caller's whose changes were not saved, the oldest first; times are microseconds since 1970. */
export const keptShellsReply = z.object({
  shells: z.array(
    z.object({ id: z.string(), image: z.string(), since: z.number(), until: z.number() }),
  ),
});
export const saveRequest = z.strictObject({ id: z.string(), name: z.string(), force: z.boolean() });
export const buildRequest = z.strictObject({
  /** absolute path on the machine of the server, or a URL of a git repository or tar */
  context: z.string().regex(/^(\/|https?:\/\/|git:\/\/)/, 'expected an absolute path or a URL'),
  name: z.string(),
  force: z.boolean(),
});
export const copyInRequest = z.strictObject({
  /** absolute path on the machine of the server */
  source: z.string().startsWith('/'),
  name: z.string(),
  /** absolute, in the image */
  path: z.string(),
});
export const logsQuery = z.strictObject({
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  /** lines of streams that begin so, as `platform.` */
  stream: z.string().optional(),
  realtime: z.stringbool().optional(),
});

export type NodeView = z.output<typeof nodeView>;
export type DeviceView = z.output<typeof deviceView>;
export type ImageView = z.output<typeof imageView>;
export type LogView = z.output<typeof logView>;
export type StageView = z.output<typeof stageView>;
export type NodesReply = z.output<typeof nodesReply>;
export type NodeReply = z.output<typeof nodeReply>;
export type DevicesReply = z.output<typeof devicesReply>;
export type ImagesReply = z.output<typeof imagesReply>;
export type VersionReply = z.output<typeof versionReply>;
export type CollectReply = z.output<typeof collectReply>;
export type ErrorReply = z.output<typeof errorReply>;
export type WaitReply = z.output<typeof waitReply>;
export type SwitchReply = z.output<typeof switchReply>;
export type SearchReply = z.output<typeof searchReply>;
export type KeptShellsReply = z.output<typeof keptShellsReply>;
export type RebootReply = z.output<typeof rebootReply>;

/** One line of the answer to an import: steps while it runs, then one of the others. */
export type ImportLine =
  | { readonly kind: 'step'; readonly text: string }
  /** the command runs a shell in a container, which stays for as long as the request does, and then while it is kept */
  | { readonly kind: 'shell'; readonly id: string; readonly command: readonly string[] }
  | { readonly kind: 'done'; readonly image: ImageView }
  | { readonly kind: 'failed'; readonly error: string };
