// Mounts a share by NFSv3 and does to it, as root, whatever RFC 1813 lets a client ask for, as a program to run in a namespace.
// Prints the status that the server answered to each step (RFC 1813 §2.6), and the handles of what was mounted.
// Arguments: server's address; JSON of the paths to mount, in place of which a handle may be told; JSON of the steps.
import { MOUNT, NFS } from '../../../agent/nfs/ganesha/asking/null-call.ts';
import { MOUNT_PORT, NFS_PORT, number, opaque, RpcConnection, text } from './rpc-connection.ts';

/** Attributes to set; what is not named stays as it is. */
export type Wanted = {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
};

/** What is asked for in the folder that was mounted first; `from` is the place of another one in the list. */
export type Step =
  | { readonly do: 'mount'; readonly path: string }
  | { readonly do: 'climb' }
  | { readonly do: 'lookup'; readonly name: string; readonly below?: string }
  | { readonly do: 'create' | 'mkdir' | 'setattr'; readonly name: string; readonly to: Wanted }
  | { readonly do: 'symlink'; readonly name: string; readonly target: string }
  | { readonly do: 'mknod'; readonly name: string; readonly type: number; readonly to?: Wanted }
  | { readonly do: 'write'; readonly name: string; readonly bytes: number }
  | { readonly do: 'link'; readonly name: string; readonly of: string; readonly from?: number }
  | { readonly do: 'rename'; readonly name: string; readonly of: string; readonly from?: number }
  | { readonly do: 'fill'; readonly most: number };

const MNT = 1;
/** Of attributes: RFC 1813 §2.6, fattr3. */
const FILEID_AT = 52;
/** RFC 1813 §3.3 */
const PROCEDURES = {
  ...{
    getattr: 1,
    setattr: 2,
    lookup: 3,
    write: 7,
    create: 8,
    mkdir: 9,
    symlink: 10,
    mknod: 11,
    rename: 14,
  },
  link: 15,
} as const;
const UNCHECKED = number(0);
const FILE_SYNC = number(2);
/** RFC 1813 §2.6 */
const NOENT = 2;
const BLOCK = 3;
const CHARACTER = 4;

const [server = '', pathList = '[]', stepList = '[]'] = process.argv.slice(2);
const mounts = await RpcConnection.open(server, MOUNT_PORT, MOUNT);
const files = await RpcConnection.open(server, NFS_PORT, NFS);

const optional = (value: number | undefined) =>
  value === undefined ? number(0) : Buffer.concat([number(1), number(value)]);

/** RFC 1813 §2.6, sattr3: no times are set. */
function attributes({ mode, uid, gid, size }: Wanted = {}): Buffer {
  const length = size === undefined ? [number(0)] : [number(1), number(0), number(size)];
  const owners = [mode, uid, gid].map(optional);
  return Buffer.concat([...owners, ...length, number(0), number(0)]);
}

async function mount(path: string): Promise<{ status: number; handle: Buffer }> {
  const reply = await mounts.call(MNT, text(path));
  const status = reply.readUInt32BE();
  const handle = status === 0 ? reply.subarray(8, 8 + reply.readUInt32BE(4)) : Buffer.alloc(0);
  return { status, handle: Buffer.from(handle) };
}

async function ask(what: keyof typeof PROCEDURES, parts: readonly Buffer[]): Promise<Buffer> {
  return await files.call(PROCEDURES[what], Buffer.concat(parts));
}

const folders: Buffer[] = [];
for (const path of JSON.parse(pathList) as string[]) {
  folders.push(path.startsWith('/') ? (await mount(path)).handle : Buffer.from(path, 'hex'));
}
const [own = Buffer.alloc(0)] = folders;

async function lookUp(name: string, folder = own): Promise<{ status: number; handle: Buffer }> {
  const reply = await ask('lookup', [opaque(folder), text(name)]);
  const status = reply.readUInt32BE();
  const handle = status === 0 ? reply.subarray(8, 8 + reply.readUInt32BE(4)) : Buffer.alloc(0);
  return { status, handle: Buffer.from(handle) };
}

const entry = (name: string) => [opaque(own), text(name)];

async function fileId(handle: Buffer): Promise<bigint> {
  const reply = await ask('getattr', [opaque(handle)]);
  return reply.readUInt32BE() === 0 ? reply.readBigUInt64BE(4 + FILEID_AT) : 0n;
}

/** Not found, if `..` of the folder is the folder. */
async function climb(): Promise<number> {
  const { status, handle } = await lookUp('..');
  if (status !== 0) return status;
  return (await fileId(handle)) === (await fileId(own)) ? NOENT : 0;
}

async function fill(most: number): Promise<number> {
  for (let count = 0; count < most; count += 1) {
    const parts = [...entry(`small-${count}`), UNCHECKED, attributes()];
    const status = (await ask('create', parts)).readUInt32BE();
    if (status !== 0) return status;
  }
  return 0;
}

async function take(step: Step): Promise<number> {
  if (step.do === 'mount') return (await mount(step.path)).status;
  if (step.do === 'climb') return await climb();
  if (step.do === 'fill') return await fill(step.most);
  if (step.do === 'lookup') {
    const folder = step.below === undefined ? own : (await lookUp(step.below)).handle;
    return (await lookUp(step.name, folder)).status;
  }
  return (await ask(step.do, await partsOf(step))).readUInt32BE();
}

type Changing = Exclude<Step, { readonly do: 'mount' | 'climb' | 'lookup' | 'fill' }>;

async function partsOf(step: Changing): Promise<readonly Buffer[]> {
  switch (step.do) {
    case 'create':
      return [...entry(step.name), UNCHECKED, attributes(step.to)];
    case 'mkdir':
      return [...entry(step.name), attributes(step.to)];
    case 'setattr':
      return [opaque((await lookUp(step.name)).handle), attributes(step.to), number(0)];
    case 'symlink':
      return [...entry(step.name), attributes(), text(step.target)];
    case 'mknod': {
      // The memory of the machine, where it has one: 1, 1.
      const isDevice = step.type === BLOCK || step.type === CHARACTER;
      const device = isDevice ? [number(1), number(1)] : [];
      return [...entry(step.name), number(step.type), attributes(step.to), ...device];
    }
    case 'write': {
      const { handle } = await lookUp(step.name);
      const place = [number(0), number(0), number(step.bytes), FILE_SYNC];
      return [opaque(handle), ...place, opaque(Buffer.alloc(step.bytes, 'x'))];
    }
    case 'link': {
      const { handle } = await lookUp(step.of, folders[step.from ?? 0]);
      return [opaque(handle), ...entry(step.name)];
    }
    case 'rename':
      return [opaque(folders[step.from ?? 0] ?? own), text(step.of), ...entry(step.name)];
  }
}

const statuses: number[] = [];
for (const step of JSON.parse(stepList) as Step[]) statuses.push(await take(step));
console.log(JSON.stringify({ statuses, handles: folders.map((each) => each.toString('hex')) }));
mounts.close();
files.close();
