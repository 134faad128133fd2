// What the server and the runner say to each other: a connection for each request, lines of JSON both ways. Where the state folder is,
// which network is walt-net and what serves NFS, the runner reads in the configuration; there is no word of a command line among these.
import { z } from 'zod';
import { IMAGE, path, SHARE } from '../paths.ts';

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const mac = z.string().regex(MAC);
const ipv4 = z.ipv4();
const MOST_EXPORTS = 100_000;
const MOST_BYTES = 2 ** 50;

/** One node's right to its image, paths as they lead from the state folder. */
const nodeExport = z.strictObject({
  ip: ipv4,
  mac,
  image: path(IMAGE),
  share: z
    .strictObject({
      disk: path(SHARE),
      uid: z
        .int()
        .min(1)
        .max(2 ** 32 - 2),
    })
    .exactOptional(),
});

/** Shown in a list of processes alone. */
const shownName = z.string().regex(/^[\w.-]{1,64}$/);
const network = z.strictObject({
  name: z.string().min(1).max(255),
  latencyMs: z.number().min(0).max(1e6).exactOptional(),
  bitsPerSecond: z.number().min(1).max(1e12).exactOptional(),
});
const networks = z.array(network).min(1).max(8).readonly();
const plan = z.strictObject({
  mac,
  name: shownName,
  delaySeconds: z.number().min(0).exactOptional(),
  isInBackground: z.literal(true).exactOptional(),
  hardware: z.strictObject({
    memoryBytes: z.int().min(1).max(MOST_BYTES),
    cores: z.int().min(1).max(4096),
    firmware: z.enum(['bios', 'uefi', 'uefi-secure']),
    disks: z
      .array(
        z.strictObject({
          sizeBytes: z.int().min(1).max(MOST_BYTES),
          template: z.enum(['none', 'ext4', 'fat32']),
        }),
      )
      .max(64)
      .readonly(),
    networks,
  }),
});

/** Device files of serial lines. */
const LINE = /^\/dev\/(?:tty[A-Za-z]{1,8}\d{1,3}|serial\/by-(?:id|path)\/[\w.:+-]{1,128})$/;

/** As of `power.commandSeconds`. */
const MOST_POWER_SECONDS = 600;
/** Those of the configuration's program: none before the name can be taken for an option, and none has a line break. */
const powerArguments = z
  .tuple([
    z.enum(['on', 'off', 'cycle', 'status']),
    z.string().regex(/^\w[\w.-]{0,63}$/),
    mac,
    z.union([ipv4, z.literal('')]),
  ])
  .rest(
    z
      .string()
      .max(4096)
      .regex(/^[^\0\r\n]*$/),
  )
  .readonly();

const lineInput = z.strictObject({ input: z.base64().max(2 ** 21) });

const request = z.discriminatedUnion('verb', [
  /** NFS is served for as long as the connection lasts, and longer: what follows are `NfsOrder`s. */
  z.strictObject({ verb: z.literal('nfs') }),
  /** Names are served for as long as the connection lasts: what follows are `NamesOrder`s. */
  z.strictObject({ verb: z.literal('names') }),
  z.strictObject({
    ...{ verb: z.literal('start-machine'), plan },
    accelerator: z.enum(['kvm', 'tcg']),
  }),
  z.strictObject({ verb: z.literal('end-machine'), mac }),
  z.strictObject({ verb: z.literal('is-machine-running'), mac }),
  z.strictObject({ verb: z.literal('plug-in-machines') }),
  z.strictObject({ verb: z.literal('complaint-about-networks'), networks }),
  z.strictObject({ verb: z.literal('accelerator') }),
  /** The line is open for as long as the connection lasts: what is typed follows as `LineInput`s. */
  z.strictObject({
    ...{ verb: z.literal('open-line'), path: z.string().max(256).regex(LINE) },
    speed: z.int().min(50).max(4_000_000),
  }),
  /** The program is that of the configuration. It goes on when the connection ends: a machine would stay off. */
  z.strictObject({
    ...{ verb: z.literal('power-program'), args: powerArguments },
    seconds: z.number().min(0).max(MOST_POWER_SECONDS),
  }),
  z.strictObject({ verb: z.enum(['resident-files', 'evict-files']), image: path(IMAGE) }),
  /** Whether the kernel passes packets from one network to another. */
  z.strictObject({ verb: z.literal('forwarding'), turn: z.enum(['was-on', 'on', 'put-back']) }),
]);

const nfsOrder = z.discriminatedUnion('order', [
  z.strictObject({ order: z.enum(['start', 'stop']), id: z.int() }),
  z.strictObject({
    ...{ order: z.literal('apply'), id: z.int() },
    exports: z.array(nodeExport).max(MOST_EXPORTS).readonly(),
  }),
]);

const namesOrder = z.discriminatedUnion('order', [
  z.strictObject({ order: z.literal('reload') }),
  z.strictObject({ order: z.literal('stop'), signal: z.enum(['SIGTERM', 'SIGKILL']) }),
]);

/** A request whose form is right. What it names need not be there. */
export type RunnerRequest = z.infer<typeof request>;
/** A line behind the request `nfs`; each is answered by its number. */
export type NfsOrder = z.infer<typeof nfsOrder>;
/** A line behind the request `names`. */
export type NamesOrder = z.infer<typeof namesOrder>;
/** Of `NfsOrder`. */
export type NodeExport = z.infer<typeof nodeExport>;

/** Of the request `power-program`. */
export type PowerArguments = z.infer<typeof powerArguments>;
/** A line behind the request `open-line`: bytes in base64. */
export type LineInput = z.infer<typeof lineInput>;

/** What is answered. */
export type RunnerAnswer =
  /** what came of a serial line: bytes in base64 */
  | { readonly output: string }
  /** files that are in memory: path below the image's root, and bytes */
  | { readonly files: readonly (readonly [string, number])[] }
  /** what the program for power wrote */
  | { readonly line: string; readonly from: 'stdout' | 'stderr' }
  /** done: of a request, or of the order with this number */
  | { readonly result: unknown; readonly id?: number }
  /** not done. `isMissing`: a program is not installed, and asking again does not help */
  | {
      readonly reason: string;
      readonly id?: number;
      readonly isMissing?: boolean;
      /** a program for power could not be started, and nothing was done */
      readonly isRefused?: boolean;
    }
  /** trouble that nobody asked about */
  | { readonly problem: string }
  /** the name server has ended, and why */
  | { readonly ended: string; readonly isMissing?: boolean };

/** Each takes a line. @returns undefined where it is none of these */
export const parse = {
  request: (line: string) => parsed(line, request),
  nfsOrder: (line: string) => parsed(line, nfsOrder),
  namesOrder: (line: string) => parsed(line, namesOrder),
  lineInput: (line: string) => parsed(line, lineInput),
};

function parsed<Form>(line: string, form: z.ZodType<Form>): Form | undefined {
  try {
    return form.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
