import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { type Backend, chooseBackend, type NfsMachine } from '../../../agent/nfs/backend.ts';

const FULL: NfsMachine = {
  hasNfsd: true,
  hasExportfs: true,
  hasGanesha: true,
  hasRpcbind: true,
  isInOwnNamespace: false,
};

const chooses = test.macro(
  (t, requested: 'auto' | 'kernel' | 'ganesha', lacks: Partial<NfsMachine>, chosen: Backend) => {
    t.is(chooseBackend(requested, { ...FULL, ...lacks }), chosen);
  },
);
const refuses = test.macro(
  (t, requested: 'auto' | 'kernel' | 'ganesha', lacks: Partial<NfsMachine>, message: RegExp) => {
    const machine = { ...FULL, ...lacks };
    t.throws(() => chooseBackend(requested, machine), { instanceOf: WaltError, message });
  },
);

test('chooseBackend() prefers the kernel', chooses, 'auto', {}, 'kernel');
test('chooseBackend() obeys', chooses, 'ganesha', {}, 'ganesha');
test('chooseBackend() without nfsd takes ganesha', chooses, 'auto', { hasNfsd: false }, 'ganesha');
test(
  'chooseBackend() in a namespace takes ganesha',
  chooses,
  'auto',
  { isInOwnNamespace: true },
  'ganesha',
);
test(
  'chooseBackend() without exportfs takes ganesha',
  chooses,
  'auto',
  { hasExportfs: false },
  'ganesha',
);
test(
  'chooseBackend() names the package of the kernel server',
  refuses,
  'kernel',
  { hasExportfs: false },
  /apt install nfs-kernel-server/,
);
test(
  'chooseBackend() names the packages of ganesha',
  refuses,
  'ganesha',
  { hasGanesha: false },
  /apt install nfs-ganesha nfs-ganesha-vfs rpcbind/,
);
test(
  'chooseBackend() says why neither can',
  refuses,
  'auto',
  { hasNfsd: false, hasRpcbind: false },
  /no nfsd.*apt install/,
);
