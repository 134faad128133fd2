// The texts that NFS servers read, and those of theirs that we read.
import test from 'ava';
import { nfsClients, nfsConnections } from '../../../agent/nfs/clients.ts';
import { checkExports } from '../../../agent/nfs/export.ts';
import { exportComplaints } from '../../../agent/nfs/ganesha/complaints.ts';
import { ganeshaExports, ganeshaSettings } from '../../../agent/nfs/ganesha/config.ts';
import { kernelExports } from '../../../agent/nfs/kernel/exports.ts';

const MAC = '52:54:00:00:00:01';
const WITNESS = { address: '10.0.0.254', folder: '/state/witness' };

test('ganeshaExports() gives one line for each export, quoted, for its client alone', (t) => {
  const imagePath = '/a "b"\\c/fs';
  const { text, witnessPath } = ganeshaExports(
    [{ id: 7, name: MAC, imagePath, client: '10.0.0.1' }],
    WITNESS,
  );
  t.deepEqual(text.split('\n'), [
    `EXPORT { Export_Id = 7; Path = "/a \\"b\\"\\\\c/fs"; Pseudo = "/var/lib/walt/nodes/${MAC}/fs"; FSAL { Name = VFS; } CLIENT { Clients = 10.0.0.1; Access_Type = RO; } }`,
    `EXPORT { Export_Id = 65535; Path = "/state/witness"; Pseudo = "${witnessPath}"; Protocols = 3; FSAL { Name = VFS; } CLIENT { Clients = 10.0.0.254; Access_Type = RO; } }`,
    '',
  ]);
});

test('ganeshaExports() has another witness for other exports, the same for the same', (t) => {
  const entry = { id: 7, name: MAC, imagePath: '/a', client: '10.0.0.1' };
  const pathOf = (entries: (typeof entry)[]) => ganeshaExports(entries, WITNESS).witnessPath;
  t.is(pathOf([entry]), pathOf([{ ...entry }]));
  t.not(pathOf([entry]), pathOf([{ ...entry, client: '10.0.0.2' }]));
});

test('ganeshaSettings() gives nothing to a client that no export names', (t) => {
  const text = ganeshaSettings({ address: '10.0.0.254', recoveryFolder: '/state/a b' });
  t.regex(text, /Bind_addr = 10\.0\.0\.254;/);
  t.regex(text, /EXPORT_DEFAULTS \{\s+Access_Type = None;/);
  t.regex(text, /RecoveryRoot = "\/state\/a b";/);
});

test('kernelExports() names clients as subnets of one address and escapes what would end a word', (t) => {
  const exports = [
    { ip: '10.0.0.1', mac: MAC, imagePath: '/with space#(1)/fs' },
    { ip: '10.0.0.2', mac: '52:54:00:00:00:02', imagePath: '/images/b/fs' },
  ];
  const lines = kernelExports(exports, { nodesFolder: '/nodes' }).split('\n');
  t.regex(lines[0] ?? '', /^\/nodes 10\.0\.0\.1\/32\(ro,.*subtree_check,fsid=[0-9a-f-]{36}\)$/);
  t.regex(
    lines[2] ?? '',
    /^\/with\\040space\\043\\0501\\051\/fs 10\.0\.0\.1\/32\(ro,sync,no_root_squash,no_subtree_check,fsid=[0-9a-f-]{36}\)$/,
  );
  t.regex(lines[3] ?? '', /^\/images\/b\/fs 10\.0\.0\.2\/32\(/);
  t.is(lines.length, 5);
});

const refused = test.macro((t, change: Record<string, string>, message: RegExp) => {
  const good = { ip: '10.0.0.1', mac: MAC, imagePath: '/images/a/fs' };
  t.notThrows(() => checkExports([good]));
  t.throws(() => checkExports([{ ...good, ...change }]), { instanceOf: TypeError, message });
});

test('checkExports() refuses an address that is a subnet', refused, { ip: '10.0.0.0/8' }, /IPv4/);
test('checkExports() refuses a host name', refused, { ip: '*' }, /IPv4/);
test('checkExports() refuses a MAC address with a path', refused, { mac: '../..' }, /MAC/);
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

test('nfsClients() finds established connections to port 2049 in both tables', (t) => {
  t.deepEqual([...nfsClients(TCP + TCP6)], ['192.168.152.11', '192.168.152.14']);
  t.deepEqual([...nfsClients('')], []);
});

test('nfsConnections() tells the ports of each client', (t) => {
  t.deepEqual(
    nfsConnections(TCP + TCP6),
    new Map([
      ['192.168.152.11', new Set([0x2d3])],
      ['192.168.152.14', new Set([0x345, 0x346])],
    ]),
  );
});

test('exportComplaints() joins the reason to the line that ganesha names after it', (t) => {
  const start = '22/11/2026 15:10:18 : epoch 6b0305d7 : vm : nfs-ganesha-8236[sigmgr]';
  const log = [
    `${start} export_commit_common :CONFIG :CRIT :Pseudo path (/a) is a duplicate`,
    `${start} reread_exports :CONFIG :EVENT :Reread exports complete`,
    `${start} config_errs_to_log :CONFIG :CRIT :Config File (/s (1)/exports.conf:12): 1 validation errors in block EXPORT`,
    `${start} config_errs_to_log :CONFIG :CRIT :Config File (/s (1)/exports.conf:12): Errors processing block (EXPORT)`,
  ].join('\n');
  t.deepEqual(exportComplaints(log, '/s (1)/exports.conf'), [
    { line: 12, reason: 'Pseudo path (/a) is a duplicate' },
  ]);
  t.deepEqual(exportComplaints(log, '/other'), []);
});
