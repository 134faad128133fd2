import test from 'ava';
import { openDatagramBatches } from '../../../../agent/net/ffi/datagram-batches.ts';
import { openUdpPort, type UdpPort } from '../../../../agent/net/udp/udp-port.ts';

const here = '127.0.0.1';
/** More than a client has to say before it has a lane. */
const MANY = 50;

test('UdpPort.rest() loses nothing of a quick client that is gone', async (t) => {
  const batches = await openDatagramBatches();
  if (batches === undefined) return t.fail('koffi has to be there where this is tested');
  const heard: string[] = [];
  const opened: UdpPort[] = [];
  const open = async (onDatagram: (text: string, port: number) => void) => {
    const port = await openUdpPort(
      { address: here, port: 0 },
      {
        batches,
        onDatagram: (bytes, from) => onDatagram(bytes.toString(), from.port),
        onError: (error) => t.fail(error.message),
      },
    );
    opened.push(port);
    t.teardown(() => port.close());
    return port;
  };
  const port = await open((text, from) => {
    heard.push(text);
    opened[0]?.send(Buffer.from(text), { address: here, port: from });
  });
  const client = await open(() => undefined);
  const say = (text: string) =>
    client.sendAll([Buffer.from(text)], { address: here, port: port.port });
  for (let turn = 0; turn < MANY; turn += 1) {
    say('ack');
    t.is(port.pollOne(), 1);
  }
  for (const text of ['ack', 'gives up', 'says why']) say(text);
  await client.close();
  heard.splice(0);
  // The answer to this one meets a port that is closed.
  t.is(port.pollOne(), 1);
  port.rest();
  t.deepEqual(heard, ['ack', 'gives up', 'says why']);
});
