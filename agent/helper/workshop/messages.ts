// What the server and the workshop say to each other: a connection for each request, lines of JSON both ways. Paths of work lead
// from the server's state folder and have a fixed form.
import { z } from 'zod';
import { NAME, path } from '../paths.ts';

/** A folder for one piece of work. */
const work = path(`tmp/${NAME}`);
/** An OCI layout in such a folder. */
const layout = path(`tmp/${NAME}/${NAME}`);
/** Of this machine, or of an image: people name them. */
const absolute = z.string().max(4096).startsWith('/');
/** A program is found in a container, and is no option of what runs it. */
const program = z.array(z.string().max(4096)).min(1).max(64);
/** As an image of this server is called. */
const imageName = z
  .string()
  .max(512)
  .regex(/^\w[\w.:/-]*$/);
const architecture = z.string().regex(/^\w{1,32}$/);
const size = { columns: z.int().min(1).max(10_000), rows: z.int().min(1).max(10_000) };
const terminal = z.strictObject({ type: z.string().regex(/^[\w.+-]{1,64}$/), ...size });

const containerRequest = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('from'), work, layout }),
  z.strictObject({ verb: z.literal('provide'), work, layout, name: imageName }),
  z.strictObject({
    ...{ verb: z.literal('build'), work, context: absolute },
    architecture: architecture.optional(),
  }),
  z.strictObject({ verb: z.literal('copy'), work, source: absolute, target: absolute }),
  z.strictObject({ verb: z.literal('architecture'), work }),
  z.strictObject({ verb: z.literal('settle'), work, program }),
  z.strictObject({ verb: z.literal('mark'), work }),
  z.strictObject({ verb: z.literal('has-changed'), work, mark: path('mark-\\d{1,9}') }),
  z.strictObject({ verb: z.literal('commit'), work, layout, squash: z.boolean() }),
  z.strictObject({ verb: z.literal('close'), work }),
  z.strictObject({
    ...{ verb: z.literal('shell'), work, program },
    terminal: terminal.optional(),
  }),
]);

const request = z.union([
  containerRequest,
  z.strictObject({ verb: z.literal('open'), work }),
  z.strictObject({ verb: z.literal('make-runnable'), architecture }),
  z.strictObject({ verb: z.literal('end-leftovers') }),
  z.strictObject({
    ...{ verb: z.literal('copy-from-daemon'), daemon: z.enum(['docker', 'podman']) },
    ...{ name: imageName, layout },
  }),
]);

/** About a container that is open. */
export type ContainerRequest = z.infer<typeof containerRequest>;

/** A request whose form is right. What it names need not be there. */
export type WorkshopRequest = z.infer<typeof request>;

/** What follows the request of a shell: what somebody types, bytes in base64; the end of it; or how large their terminal is now. */
const shellInput = z.union([
  z.strictObject({ input: z.base64().max(2 ** 21) }),
  z.strictObject({ isEnd: z.literal(true) }),
  z.strictObject(size),
]);

/** A line behind the request of a shell. */
export type ShellInput = z.infer<typeof shellInput>;

/** What is answered: lines as they come, bytes of a shell in base64, and at last how it ended. */
export type WorkshopAnswer =
  | { readonly line: string }
  | { readonly output: string; readonly isError: boolean }
  /** exit status of a shell; null where a signal ended it */
  | { readonly status: number | null }
  /** of a shell, that it runs now */
  | { readonly result: string | boolean | null }
  /** `isOfImage`: the image or what was done with it is to blame, not this machine */
  | { readonly error: string; readonly isOfImage: boolean };

/** @returns undefined where the line is no request */
export function parseRequest(line: string): WorkshopRequest | undefined {
  return parsed(line, request);
}

/** @returns undefined where the line is none */
export function parseShellInput(line: string): ShellInput | undefined {
  return parsed(line, shellInput);
}

function parsed<Form>(line: string, form: z.ZodType<Form>): Form | undefined {
  try {
    return form.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
