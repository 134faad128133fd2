// What a backup says of itself: its first file.
import { z } from 'zod';

/** Raised when an earlier version could not restore what a later one backs up. */
export const FORMAT = 1;
/** Names in the archive. */
export const NAMES = {
  manifest: 'manifest.json',
  configuration: 'configuration.yaml',
  state: 'state',
  database: 'state/walt.db',
} as const;

export const manifestSchema = z.object({
  format: z.int(),
  /** of the server that made it */
  version: z.string(),
  /** ISO 8601 */
  created: z.string(),
  /** the last step of the database's migrations */
  step: z.string(),
  hasImages: z.boolean(),
  hasMachines: z.boolean(),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

/** What a backup says of itself. */
export type Manifest = z.output<typeof manifestSchema>;
/** A file of a backup, by its name in the archive. */
export type BackedUpFile = Manifest['files'][number];
