import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Device } from '../../../../../agent/devices/device.ts';
import { Publisher } from '../../../../../agent/events/publisher.ts';
import { followPlaces } from '../../../../../agent/events/reactions/follow/follow-places.ts';

const device: Device = {
  mac: '52:54:00:f2:67:82',
  ip: '192.168.152.2',
  name: 'unknown-f26782',
  type: 'unknown',
  firstSeen: 0,
};

function open(afterMs: number) {
  const publisher = new Publisher({ clock: () => 0, onFailure: () => undefined });
  let looks = 0;
  const stop = followPlaces(publisher, {
    look: async () => {
      looks += 1;
    },
    afterMs,
  });
  const come = (count: number) => {
    for (let at = 0; at < count; at += 1) publisher.publish([{ kind: 'new-device', device }]);
  };
  return { come, stop, looks: () => looks };
}

test('followPlaces() looks once for all devices that come together, and again for later ones', async (t) => {
  const { come, looks } = open(1);
  come(1000);
  t.is(looks(), 0);
  while (looks() === 0) await sleep(1);
  t.is(looks(), 1);
  come(1);
  while (looks() === 1) await sleep(1);
  t.is(looks(), 2);
});

test('followPlaces() looks no more once it was stopped', async (t) => {
  const { come, stop, looks } = open(1);
  come(1);
  stop();
  await sleep(20);
  t.is(looks(), 0);
});
