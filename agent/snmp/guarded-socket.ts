// The datagrams of one conversation: those of the machine that was asked, and no others. net-snmp itself takes an answer from any
// address, and throws outside of every caller at some answers that make no sense.
import { createSocket, type RemoteInfo, type Socket, type SocketType } from 'node:dgram';
import type { DatagramModule } from 'net-snmp';

/** No switch sends more in one answer than fits in a few frames. */
const LONGEST = 16_384;

type Options = {
  readonly ip: string;
  readonly port: number;
  /** an answer was nonsense */
  readonly onNonsense: (why: Error) => void;
};

/** What net-snmp opens its socket by. */
export function guardedDatagrams({ ip, port, onNonsense }: Options): DatagramModule {
  return {
    createSocket: (type: SocketType) => {
      const socket = createSocket(type);
      const listen = socket.on.bind(socket) as (name: string, take: Take) => Socket;
      const on = (name: string, take: Take) => {
        if (name !== 'message') return listen(name, take);
        return listen(name, (bytes: unknown, from: unknown) => {
          const { address, port: source } = from as RemoteInfo;
          if (address !== ip || source !== port) return;
          if ((bytes as Buffer).length > LONGEST) return;
          try {
            take(bytes, from);
          } catch (why) {
            onNonsense(why as Error);
          }
        });
      };
      socket.on = on as Socket['on'];
      return socket;
    },
  };
}

type Take = (...values: unknown[]) => void;
