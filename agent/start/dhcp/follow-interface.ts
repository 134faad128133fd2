/**
 * The interface of walt-net may be made anew while the server runs: a bridge whose configuration is applied again, a card of USB that was
 * plugged out and in. Linux knows interfaces by number, and a new one has another: what is bound to the old one hears and sends nothing any
 * more, without an error.
 */
import { WaltError } from '../../errors.ts';
import { every } from '../../host/clock/every.ts';
import { indexBy } from '../../net/ffi/interface-facts.ts';
import { bindToInterface } from '../../net/ffi/open-sockets.ts';
import type { DhcpConfig, DhcpParts } from './dhcp-parts.ts';

const LOOK_MS = 2000;

/**
 * Binds the socket of DHCP to the interface that there is now, whenever that is another one; not where the calls of Linux cannot be had.
 * @param onIndex is told the number of the new one
 * @returns ends that
 */
export function followInterface(
  { network: { interface: name } }: DhcpConfig,
  { batches, listen, problem }: Pick<DhcpParts, 'batches' | 'listen' | 'problem'>,
  onIndex: (index: number) => void = () => undefined,
): () => void {
  if (batches === undefined || !('fd' in listen)) return () => undefined;
  const { calls } = batches;
  const { fd } = listen;
  const tell = problem('dhcp');
  let last = indexBy(calls, name);
  const look = async () => {
    const index = indexBy(calls, name);
    if (index === undefined || index === last) return;
    last = index;
    const isHeard = bindToInterface(calls, fd, name);
    onIndex(index);
    const outcome = isHeard
      ? ': DHCP listens on the new one'
      : ', and DHCP cannot listen on the new one: restart the server';
    tell(new WaltError(`${name} was made anew${outcome}`));
  };
  return every(LOOK_MS, look, tell);
}
