// The server and the command as labs and tests run them: by their sources, or as they ship.
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Their files. */
export const PROGRAMS = {
  bundled: {
    server: join(ROOT, 'release/dist/walt-server'),
    walt: join(ROOT, 'release/dist/walt'),
  },
  sources: { server: join(ROOT, 'agent/main.ts'), walt: join(ROOT, 'agent/cli/main.ts') },
} as const;

/** One of both. */
export type ProgramForm = keyof typeof PROGRAMS;

/** What ships starts in a third of the time, and is what users have; `npm test`, which builds it before, says so. */
export const TESTED_FORM: ProgramForm =
  process.env.WALT_TESTED_FORM === 'bundled' ? 'bundled' : 'sources';

/** Of the server and of the command, in the form that is tested. */
export const { server: SERVER, walt: WALT } = PROGRAMS[TESTED_FORM];
