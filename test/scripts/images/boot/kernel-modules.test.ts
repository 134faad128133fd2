import test from 'ava';
import { chooseModules, parseModulesDep } from '../../../../scripts/images/boot/kernel-modules.ts';

const DEP = `kernel/fs/nfs/nfsv4.ko: kernel/fs/nfs/nfs.ko kernel/net/sunrpc/sunrpc.ko
kernel/fs/nfs/nfs.ko: kernel/net/sunrpc/sunrpc.ko
kernel/net/sunrpc/sunrpc.ko:
kernel/arch/x86/crypto/crc32c-intel.ko:
kernel/drivers/net/ethernet/intel/e1000/e1000.ko.zst:
kernel/drivers/net/ethernet/amazon/ena.ko:
kernel/sound/snd.ko:
`;

const KERNEL = { metapackage: 'linux-image-amd64', initrdModules: [], initrdLeavesOut: [] };

function choose(initrdModules: string[], initrdLeavesOut: string[] = []): string[] {
  return chooseModules(parseModulesDep(DEP), { ...KERNEL, initrdModules, initrdLeavesOut });
}

test('chooseModules() adds what a module depends on', (t) => {
  t.deepEqual(choose(['nfsv4']), [
    'kernel/fs/nfs/nfs.ko',
    'kernel/fs/nfs/nfsv4.ko',
    'kernel/net/sunrpc/sunrpc.ko',
  ]);
});

test('chooseModules() takes whole folders, but for what is left out', (t) => {
  const e1000 = 'kernel/drivers/net/ethernet/intel/e1000/e1000.ko.zst';
  t.deepEqual(choose(['drivers/net/ethernet/'], ['drivers/net/ethernet/amazon/']), [e1000]);
  t.deepEqual(choose(['e1000']), [e1000]);
});

test('chooseModules() finds a module by either spelling of its name', (t) => {
  t.deepEqual(choose(['crc32c_intel']), choose(['crc32c-intel']));
});

test('chooseModules() refuses a module that is not there, a part of a name too', (t) => {
  for (const name of ['absent', 'nfsv', 'drivers/absent/']) {
    t.throws(() => choose([name]), { instanceOf: RangeError });
  }
});
