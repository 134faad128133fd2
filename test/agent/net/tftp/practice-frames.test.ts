import test from 'ava';
import { PracticeFrames } from '../../../../agent/net/tftp/practice-frames.ts';

test('PracticeFrames hands over what would leave as frames, with the port that it comes from', (t) => {
  for (let server = 0; server < 2; server += 1) {
    const { frames, clients } = new PracticeFrames();
    const taken: [number, number, number][] = [];
    for (const port of [2000, 2001]) {
      clients.set(port, (packet, from) => taken.push([port, from.port, packet.length]));
    }
    const place = (port: number) => ({ address: '127.0.0.1', port });
    const framed = [2000, 2001, 2999, 2000].map((port, at) => {
      const way = frames.wayTo(place(4000 + at), place(port));
      if (way === undefined) throw new Error('there is a way to each');
      return { bytes: new Uint8Array(500 + at), way };
    });
    t.is(frames.send(framed), 4);
    const expected = [
      [2000, 4000, 500],
      [2001, 4001, 501],
      [2000, 4003, 503],
    ];
    t.deepEqual(taken, expected as typeof taken, 'nobody has port 2999');
    frames.close();
    t.is(frames.send(framed), 0);
  }
});
