import test from 'ava';
import { onSntp } from '../../../../agent/handlers/time/on-sntp.ts';
import { sntpSamples } from '../../../support/bytes/boot-packets.ts';

const context = { address: '192.168.152.1', clock: () => 7_000_000 };

test('onSntp() answers with as many bytes as the shortest question has, and no more', async (t) => {
  for (const bytes of await sntpSamples()) {
    t.is(onSntp(bytes, 6_000_000, { ...context, isRight: () => true })?.length, 48);
  }
});

test('onSntp() says nothing while the clock is not right, or to what is no question', async (t) => {
  const [question = new Uint8Array()] = await sntpSamples();
  t.is(onSntp(question, 6_000_000, { ...context, isRight: () => false }), undefined);
  const control = question.with(0, 0x16);
  t.is(onSntp(control, 6_000_000, { ...context, isRight: () => true }), undefined);
});
