// What calls have in common that run a program of the server for somebody: how it is followed, and the terminal that it gets.
import { z } from 'zod';

const cells = z.int().min(1).max(65_535);

/** Fields that say how large a terminal is. */
export const size = { columns: cells, rows: cells };
/** The terminal of whoever asks. */
export const terminal = z.strictObject({ ...size, type: z.string().describe('value of TERM') });

/** What a program writes while it runs, then how it ended. */
export const programLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('shell').describe('the program runs, for as long as the request'),
    id: z.string().describe('for `shells.type`'),
  }),
  z.object({
    kind: z.literal('output'),
    data: z.string().describe('what it has written, base64'),
    isError: z.boolean().describe('it is standard error; a terminal does not tell them apart'),
  }),
  z.object({
    kind: z.literal('ended'),
    status: z.number().nullable().describe('its exit status; null where a signal ended it'),
  }),
  z.object({ kind: z.literal('failed'), error: z.string().describe('why, for a person') }),
]);

/** A line of the answer of a call that runs a program. */
export type ProgramLine = z.output<typeof programLine>;
