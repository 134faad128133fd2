// Mounts an export by NFSv3 and looks names up in its root, then by NFSv4, byte by byte as no proper client would, as a program
// to run in a namespace. Prints a line for each: `mount PATH STATUS`, `lookup NAME STATUS FILEID`, `lookup4 NAME STATUS`. The
// first path is that of the export.
// Arguments: server's address, JSON of paths to mount, JSON of names to look up.
import { MOUNT, NFS, type RpcProgram } from '../../../agent/nfs/ganesha/asking/null-call.ts';
import { MOUNT_PORT, NFS_PORT, number, opaque, RpcConnection, text } from './rpc-connection.ts';

const MOUNT_CALL = 1;
const GETATTR = 1;
const LOOKUP = 3;
/** RFC 7530 §16: COMPOUND, and its operations. */
const NFS4: RpcProgram = { program: 100003, version: 4 };
const COMPOUND = 1;
const PUTROOTFH = 24;
const LOOKUP4 = 15;
/** Of post-op attributes and of attributes: RFC 1813 §2.5, fattr3. */
const FILEID_AT = 52;

const [server = '', pathList = '[]', nameList = '[]'] = process.argv.slice(2);
const paths = JSON.parse(pathList) as string[];
const names = JSON.parse(nameList) as string[];

const mounts = await RpcConnection.open(server, MOUNT_PORT, MOUNT);
let root: Buffer | undefined;
for (const path of paths) {
  const reply = await mounts.call(MOUNT_CALL, text(path));
  const status = reply.readUInt32BE();
  console.log(`mount ${path} ${status}`);
  if (status === 0) root ??= Buffer.from(reply.subarray(8, 8 + reply.readUInt32BE(4)));
}
mounts.close();
if (root === undefined) throw new Error('The export itself cannot be mounted');
const files = await RpcConnection.open(server, NFS_PORT, NFS);
const own = await files.call(GETATTR, opaque(root));
console.log(`root ${own.readBigUInt64BE(4 + FILEID_AT)}`);
for (const name of names) {
  const reply = await files.call(LOOKUP, Buffer.concat([opaque(root), text(name)]));
  const status = reply.readUInt32BE();
  const handle = status === 0 ? 8 + Math.ceil(reply.readUInt32BE(4) / 4) * 4 : 0;
  const isSaid = status === 0 && reply.readUInt32BE(handle) === 1;
  const id = isSaid ? reply.readBigUInt64BE(handle + 4 + FILEID_AT) : 'unknown';
  console.log(`lookup ${JSON.stringify(name)} ${status} ${status === 0 ? id : '-'}`);
}
files.close();

const whole = await RpcConnection.open(server, NFS_PORT, NFS4);
const steps = (paths[0] ?? '').split('/').filter((part) => part !== '');
for (const name of names) {
  const lookups = [...steps, name].map((part) => Buffer.concat([number(LOOKUP4), text(part)]));
  const operations = [number(PUTROOTFH), ...lookups];
  const head = [text(''), number(0), number(operations.length)];
  const reply = await whole.call(COMPOUND, Buffer.concat([...head, ...operations]));
  console.log(`lookup4 ${JSON.stringify(name)} ${reply.readUInt32BE()}`);
}
whole.close();
