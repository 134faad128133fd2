// NFS as a node finds it: rpcbind tells where the mount service is, that answers, and so does NFS.
import { messageOf } from '../../errors.ts';
import { MOUNT, NFS, PORTMAPPER, type RpcProgram } from '../../nfs/ganesha/asking/null-call.ts';
import type { Check, Finding } from '../check.ts';
import { callNull, mountPort } from '../probes/rpc.ts';

const RPCBIND_PORT = 111;
const NFS_PORT = 2049;
const STEP_MS = 3000;

export const nfs: Check = {
  name: 'nfs',
  run: async ({ address }, signal) => {
    const reach = async (what: string, work: (signal: AbortSignal) => Promise<unknown>) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(STEP_MS)]);
      return await work(limited).then(
        () => undefined,
        (thrown: unknown) =>
          trouble(what, limited.aborted ? 'it does not answer' : messageOf(thrown)),
      );
    };
    const rpcbind = { address, port: RPCBIND_PORT };
    const call = (program: RpcProgram, port: number) => (step: AbortSignal) =>
      callNull(program, { address, port }, step);
    return (
      (await reach('rpcbind', call(PORTMAPPER, RPCBIND_PORT))) ??
      (await reach('the mount service', async (step) => {
        const port = await mountPort(rpcbind, step);
        if (port === 0) throw new Error('rpcbind does not know it');
        await call(MOUNT, port)(step);
      })) ??
      (await reach('NFS', call(NFS, NFS_PORT))) ?? {
        status: 'ok',
        detail: 'rpcbind, the mount service and NFS answer',
      }
    );
  },
};

function trouble(what: string, reason: string): Finding {
  return {
    status: 'failed',
    detail: `${what}: ${reason}`,
    meaning:
      'Nodes do not get their root file system: they stop at "mount". Those that are up hang.',
    mend:
      what === 'rpcbind'
        ? 'systemctl restart rpcbind walt-server'
        : 'systemctl restart walt-server; nodes go on when NFS is back',
  };
}
