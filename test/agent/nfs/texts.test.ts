// The texts that NFS servers read, and those of theirs that we read.
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { nfsConnections } from '../../../agent/nfs/clients.ts';
import { checkExports } from '../../../agent/nfs/export.ts';
import { exportComplaints, hasRefused } from '../../../agent/nfs/ganesha/complaints.ts';
import {
  ganeshaExports,
  ganeshaSettings,
  witnessOf,
} from '../../../agent/nfs/ganesha/configuration/config.ts';
import { majorVersion } from '../../../agent/nfs/ganesha/running/version.ts';
import { exportsText, kernelExports } from '../../../agent/nfs/kernel/exports.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';

const MAC = '52:54:00:00:00:01';
const SUBNET = parseCidr('10.0.0.254/24');
const WITNESS = { address: '10.0.0.254', folder: '/state/witness' };

test('ganeshaExports() gives folder and image a line each, quoted, for their client alone', (t) => {
  const imagePath = '/a "b"\\c/fs';
  const entries = [{ id: 7, name: MAC, imagePath, client: '10.0.0.1' }];
  const witnessPath = witnessOf(entries, WITNESS).path;
  t.deepEqual(ganeshaExports(entries, WITNESS).split('\n'), [
    `EXPORT { Export_Id = 32774; Path = "/var/lib/walt/nodes/${MAC}"; Pseudo = "/var/lib/walt/nodes/${MAC}"; Protocols = NFSv4; FSAL { Name = PSEUDO; } CLIENT { Clients = 10.0.0.1; Access_Type = RO; } }`,
    `EXPORT { Export_Id = 7; Path = "/a \\"b\\"\\\\c/fs"; Pseudo = "/var/lib/walt/nodes/${MAC}/fs"; FSAL { Name = VFS; } CLIENT { Clients = 10.0.0.1; Access_Type = RO; } }`,
    `EXPORT { Export_Id = 65535; Path = "/state/witness"; Pseudo = "${witnessPath}"; Protocols = NFSv3; FSAL { Name = VFS; } CLIENT { Clients = 10.0.0.254; Access_Type = RO; } }`,
    '',
  ]);
});

test('ganeshaExports() lets a client write what it keeps, as one user, by NFSv3', (t) => {
  const image = { id: 7, name: MAC, imagePath: '/a', client: '10.0.0.1' };
  const text = ganeshaExports(
    [image, { ...image, id: 8, imagePath: '/persist/files', uid: 1000 }],
    WITNESS,
  );
  const [, , comment, share = ''] = text.split('\n');
  t.is(comment, '# kept');
  t.is(
    share,
    `EXPORT { Export_Id = 8; Path = "/persist/files"; Pseudo = "/var/lib/walt/nodes/${MAC}/persist"; Protocols = NFSv3; FSAL { Name = VFS; } CLIENT { Clients = 10.0.0.1; Access_Type = RW; Squash = All_Squash; Anonymous_Uid = 1000; Anonymous_Gid = 1000; } }`,
  );
});

test('witnessOf() has another path for other exports, the same for the same', (t) => {
  const entry = { id: 7, name: MAC, imagePath: '/a', client: '10.0.0.1' };
  const pathOf = (entries: (typeof entry)[]) => witnessOf(entries, WITNESS).path;
  t.is(pathOf([entry]), pathOf([{ ...entry }]));
  const others = [{ client: '10.0.0.2' }, { id: 8 }, { imagePath: '/b' }, { name: '10.0.0.1' }];
  for (const other of others) t.not(pathOf([entry]), pathOf([{ ...entry, ...other }]));
  t.not(pathOf([entry]), pathOf([{ ...entry, uid: 1 } as typeof entry]));
});

test('ganeshaSettings() gives nothing to a client that no export names', (t) => {
  const text = ganeshaSettings({ subnet: SUBNET, recoveryFolder: '/state/a b', version: 4 });
  t.regex(text, /Bind_addr = 10\.0\.0\.254;/);
  t.regex(text, /EXPORT_DEFAULTS \{\s+Access_Type = None;/);
  t.regex(
    text,
    /Export_Id = 0; Path = "\/"; Pseudo = "\/".* Clients = 10\.0\.0\.0\/24; Access_Type = RO;/,
  );
  t.regex(text, /RecoveryRoot = "\/state\/a b";/);
});

test('kernelExports() names clients as subnets and escapes what would end a word', (t) => {
  const exports = [
    { ip: '10.0.0.2', mac: MAC, imagePath: '/with space#(1)/fs' },
    { ip: '10.0.0.3', mac: '52:54:00:00:00:02', imagePath: '/images/b/fs' },
  ];
  const lines = exportsText(kernelExports(exports, { nodesFolder: '/nodes' })).split('\n');
  t.regex(
    lines[0] ?? '',
    /^\/nodes 10\.0\.0\.2\/31\(ro,sync,root_squash,subtree_check,fsid=[0-9a-f-]{36}\)$/,
  );
  t.regex(
    lines[1] ?? '',
    /^\/with\\040space\\043\\0501\\051\/fs 10\.0\.0\.2\/32\(ro,sync,no_root_squash,no_subtree_check,fsid=[0-9a-f-]{36}\)$/,
  );
  t.regex(lines[2] ?? '', /^\/images\/b\/fs 10\.0\.0\.3\/32\(/);
  t.is(lines.length, 4);
});

test('kernelExports() shows an image that is mounted only while it is', (t) => {
  const exports = [
    { ip: '10.0.0.1', mac: MAC, imagePath: '/images/a/fs' },
    { ip: '10.0.0.2', mac: '52:54:00:00:00:02', imagePath: '/images/b/fs' },
  ];
  const lines = exportsText(
    kernelExports(exports, { mounts: new Set(['/', '/images/a/fs']) }),
  ).split('\n');
  t.deepEqual(
    lines.map((line) => /[(,]mountpoint[,)]/.test(line)),
    [false, false, true, false, false],
  );
});

test('kernelExports() lets a node write what it keeps, as one user', (t) => {
  const share = { path: '/persist/a b/files', disk: '/persist/a b', uid: 1000 };
  const exports = [{ ip: '10.0.0.1', mac: MAC, imagePath: '/images/a/fs', share }];
  const lines = exportsText(kernelExports(exports)).split('\n');
  t.regex(
    lines[2] ?? '',
    /^\/persist\/a\\040b\/files 10\.0\.0\.1\/32\(rw,sync,all_squash,anonuid=1000,anongid=1000,no_subtree_check,fsid=[0-9a-f-]{36}\)$/,
  );
});

const refused = test.macro((t, change: Record<string, unknown>, message: RegExp) => {
  const good = { ip: '10.0.0.1', mac: MAC, imagePath: '/images/a/fs' };
  t.notThrows(() => checkExports([good]));
  t.throws(() => checkExports([{ ...good, ...change }]), { instanceOf: TypeError, message });
});

test('checkExports() refuses an address that is a subnet', refused, { ip: '10.0.0.0/8' }, /IPv4/);
test('checkExports() refuses a host name', refused, { ip: '*' }, /IPv4/);
test('checkExports() refuses a MAC address with a path', refused, { mac: '../..' }, /MAC/);
const SHARE = { path: '/persist/files', disk: '/persist', uid: 7 };
test(
  'checkExports() refuses a share as root',
  refused,
  { share: { ...SHARE, uid: 0 } },
  /not root/,
);
test(
  'checkExports() refuses a share of two lines',
  refused,
  { share: { ...SHARE, path: '/a\n/b' } },
  /of one line/,
);
test('checkExports() refuses a relative path', refused, { imagePath: 'a' }, /absolute/);
test('checkExports() refuses a path of two lines', refused, { imagePath: '/a\nb' }, /one line/);

test('checkExports() refuses two nodes of one address', (t) => {
  const imagePath = '/images/a/fs';
  const exports = [
    { ip: '10.0.0.1', mac: MAC, imagePath },
    { ip: '10.0.0.1', mac: '52:54:00:00:00:02', imagePath },
  ];
  t.throws(() => checkExports(exports), { instanceOf: TypeError, message: /10\.0\.0\.1 too/ });
});

// Lines in the form of proc(5), cut after the fields we read: a listener, clients, other ports and states.
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:006F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21034 1
   1: 00000000:0801 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21211 1
   2: 0198A8C0:0801 0B98A8C0:02D3 01 00000000:00000000 02:0000A1B2 00000000     0        0 30012 4
   3: 0198A8C0:0801 0C98A8C0:03E1 06 00000000:00000000 03:00000C10 00000000     0        0 0 3
   4: 0198A8C0:0050 0D98A8C0:C350 01 00000000:00000000 00:00000000 00000000     0        0 30100 1
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr
   0: 0000000000000000FFFF00000198A8C0:0801 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00
   1: 0000000000000000FFFF00000198A8C0:0801 0000000000000000FFFF00000E98A8C0:0345 01 00000000:00000000 02:00
   2: 0000000000000000FFFF00000198A8C0:0801 0000000000000000FFFF00000E98A8C0:0346 01 00000000:00000000 02:00
   3: 000080FE00000000FF005450010000FE:0801 000080FE00000000FF005450020000FE:0345 01 00000000:00000000 02:00
`;

test('nfsConnections() finds established connections to port 2049 in both tables, with the ports of each client', (t) => {
  t.deepEqual(nfsConnections(''), new Map());
  t.deepEqual(
    nfsConnections(TCP + TCP6),
    new Map([
      ['192.168.152.11', new Set([0x2d3])],
      ['192.168.152.14', new Set([0x345, 0x346])],
    ]),
  );
});

const entry = (id: number, name: string) => ({ id, name, imagePath: '/a', client: '10.0.0.1' });

test('exportComplaints() joins the reason to the line that ganesha names after it', (t) => {
  const start = '22/11/2026 15:10:18 : epoch 6b0305d7 : vm : nfs-ganesha-8236[sigmgr]';
  const log = [
    `${start} export_commit_common :CONFIG :CRIT :Pseudo path (/a) is a duplicate`,
    `${start} reread_exports :CONFIG :EVENT :Reread exports complete`,
    `${start} config_errs_to_log :CONFIG :CRIT :Config File (/s (1)/exports.conf:12): 1 validation errors in block EXPORT`,
    `${start} config_errs_to_log :CONFIG :CRIT :Config File (/s (1)/exports.conf:12): Errors processing block (EXPORT)`,
  ].join('\n');
  const entries = Array.from({ length: 7 }, (_, index) => entry(index + 1, `10.0.0.${index + 1}`));
  const ofSixth = [{ entry: entries[5], reason: 'Pseudo path (/a) is a duplicate' }];
  for (const line of [11, 12]) {
    const text = log.replaceAll(':12)', `:${line})`);
    t.deepEqual(exportComplaints(text, { exportsFile: '/s (1)/exports.conf', entries }), ofSixth);
  }
  t.deepEqual(exportComplaints(log, { exportsFile: '/other', entries }), []);
});

// As nfs-ganesha 6.5 writes when it reads its exports again: no line of the file is named.
const REFUSED_BY_6 = [
  'vfs_create_export :FSAL :CRIT :resolve_posix_filesystem(/proc/sys) returned No such file or directory (2)',
  'fsal_cfg_commit :CONFIG :CRIT :Could not create export for (/var/lib/walt/nodes/10.0.0.2/fs) to (/proc/sys)',
  'export_commit_common :CONFIG :CRIT :fsal_export is NULL',
  'vfs_lookup_path :FSAL :CRIT :Could not get handle for path /usr, error Operation not supported',
  'init_export_root :EXPORT :CRIT :Lookup failed on path, ExportId=13 Path=/usr FSAL_ERROR=(Operation not supported,95)',
  'export_commit_common :CONFIG :CRIT :init_export_root failed',
  'reread_exports :CONFIG :EVENT :Reread exports complete',
  'reread_config :CONFIG :CRIT :Error while parsing EXPORT entries',
]
  .map((line) => `25/11/2026 20:37:51 : epoch 6b07471e : vm : nfs-ganesha-31[sigmgr] ${line}`)
  .join('\n');

test('exportComplaints() finds an export by its number or its mount path', (t) => {
  const entries = [entry(3, '10.0.0.1'), entry(13, '10.0.0.3'), entry(14, '10.0.0.2')];
  t.deepEqual(exportComplaints(REFUSED_BY_6, { exportsFile: '/exports.conf', entries }), [
    {
      entry: entries[2],
      reason: 'resolve_posix_filesystem(/proc/sys) returned No such file or directory (2)',
    },
    {
      entry: entries[1],
      reason: 'Could not get handle for path /usr, error Operation not supported',
    },
  ]);
});

test('hasRefused() is true for a log that names no export', (t) => {
  t.true(hasRefused(REFUSED_BY_6));
  t.false(hasRefused('sigmgr] reread_exports :CONFIG :EVENT :Reread exports complete'));
});

const version = test.macro((t, said: string, major: number) => t.is(majorVersion(said), major));
test('majorVersion() of Debian 12', version, 'NFS-Ganesha Release = V4.3\n', 4);
test('majorVersion() of Debian 13', version, 'NFS-Ganesha Release = V6.5\nmore', 6);
test('majorVersion() throws WaltError for anything else', (t) => {
  t.throws(() => majorVersion('hello'), { instanceOf: WaltError, message: /"hello"/ });
});

test('ganeshaSettings() has the key that containers need from version 6 on, which 4 refuses', (t) => {
  const settings = { subnet: SUBNET, recoveryFolder: '/state' };
  const key = /^ {2}Allow_Set_Io_Flusher_Fail = true;$/m;
  t.regex(ganeshaSettings({ ...settings, version: 6 }), key);
  t.notRegex(ganeshaSettings({ ...settings, version: 4 }), key);
});
