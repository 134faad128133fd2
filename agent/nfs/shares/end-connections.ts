// Ends TCP connections of another program, as the kernel lets root do (sock_diag(7), SOCK_DESTROY): both ends are told.
import { runProgram } from '../../host/processes/program.ts';
import { PROGRAM_FOLDERS } from '../ganesha/running/daemon.ts';
import type { Connections } from './surplus.ts';

/** The kernel takes a filter of 64 KB at most. */
const MOST_AT_ONCE = 200;

/**
 * @param local the server's address. Connections that have ended meanwhile are no fault
 * @returns how many the kernel ended
 * @throws {WaltError} if ss(8) cannot be run
 */
export async function endConnections(
  local: string,
  { address, port, remotePorts }: Connections,
): Promise<number> {
  let ended = 0;
  for (let start = 0; start < remotePorts.length; start += MOST_AT_ONCE) {
    const ports = remotePorts.slice(start, start + MOST_AT_ONCE);
    const any = ports.map((each) => `dport = :${each}`).join(' or ');
    const filter = `src ${local} and sport = :${port} and dst ${address} and ( ${any} )`;
    const said = await runProgram('ss', ['-K', '-Htn', 'state', 'established', filter], {
      env: { PATH: PROGRAM_FOLDERS.join(':') },
    });
    ended += said.split('\n').filter(Boolean).length;
  }
  return ended;
}
