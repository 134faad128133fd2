// The driver `snmp-pdu` with strips that are agents: net-snmp's for Node.js, and Debian's snmpd.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PDU_MAKES, snmpPdu } from '../../../agent/power/snmp-pdu.ts';
import { Conversations } from '../../../agent/snmp/conversations.ts';
import { emulateStrip } from '../../../lab/power/emulated-strip.ts';
import { makeStrip, type Strip } from '../../../lab/power/strip-objects.ts';
import { Background } from '../../../lab/programs/background.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const secret = { user: '', password: 'lab', privacy: '' };
const node = { name: 'pc-1', mac: '52:54:00:00:00:01', ip: '192.168.152.7' };
const options = {
  cycles: { begin: async () => undefined, end: async () => undefined },
  secretOf: async () => secret,
  times: { proof: 2000, look: 20 },
  conversations: new Conversations({ timeout: 500, retries: 1 }),
};
const PROGRAM = join(import.meta.dirname, '../../../lab/power/strip-program.ts');

async function plugIn(t: ExecutionContext, strip: Strip): Promise<string> {
  const made = await emulateStrip(strip, 'lab');
  t.teardown(() => made[Symbol.dispose]());
  return made.address;
}

for (const make of Object.keys(PDU_MAKES)) {
  test(`snmp-pdu switches the outlet of a strip of make ${make}, and no other one`, async (t) => {
    const strip = makeStrip(4);
    const driver = snmpPdu(options);
    const target = { ...node, words: [await plugIn(t, strip), make, '3'] };
    await driver.off(target);
    t.is(await driver.status(target), 'off');
    t.deepEqual([...strip.outlets.values()], [true, true, false, true]);
    await driver.cycle(target);
    t.is(await driver.status(target), 'on');
    await driver.cycle(target);
    t.deepEqual([...strip.outlets.values()], [true, true, true, true]);
  });
}

test('snmp-pdu what the strip did not do, and what it does not have, is said', async (t) => {
  const address = await plugIn(t, makeStrip(4, { isStuck: true }));
  const driver = snmpPdu({ ...options, times: { proof: 50, look: 10 } });
  const words = (...given: string[]) => ({ ...node, words: given });
  await t.throwsAsync(driver.cycle(words(address, 'apc', '1')), {
    message: /was given the order, and was not seen off/,
  });
  await t.throwsAsync(driver.off(words(address, 'apc', '9')), { message: /has no outlet 9/ });
  for (const bad of [[], [address, 'acme', '1'], [address, 'apc', '0'], ['pdu', 'apc', '1']]) {
    await t.throwsAsync(driver.off(words(...bad)), { message: /has to be ADDRESS MAKE OUTLET/ });
  }
  const wrong = snmpPdu({ ...options, secretOf: async () => ({ ...secret, password: 'guess' }) });
  const thrown = await t.throwsAsync(wrong.off(words(address, 'apc', '1')));
  t.regex(thrown?.message ?? '', /does not answer SNMP 2c/);
  t.false(thrown?.message.includes('guess'));
});

test('snmp-pdu an order whose answer is lost is given once, and proved', async (t) => {
  const strip = makeStrip(4, { losesAnswers: true, offMs: 1500 });
  const target = { ...node, words: [await plugIn(t, strip), 'apc', '3'] };
  const lines: string[] = [];
  const note = (verb: string) => async (mac: string) => void lines.push(`${verb} ${mac}`);
  // It is off for longer than an answer is waited for.
  const times = { proof: 5000, look: 20 };
  const driver = snmpPdu({ ...options, times, cycles: { begin: note('begin'), end: note('end') } });
  await driver.cycle(target);
  t.deepEqual(strip.orders, ['3 cycle']);
  t.deepEqual(lines, [`begin ${node.mac}`, `end ${node.mac}`]);
  await driver.off(target);
  t.is(await driver.status(target), 'off');
});

test('snmp-pdu a cycle that is not seen to its end is on disk, and one that is refused is not', async (t) => {
  const lines: string[] = [];
  const note = (verb: string) => async (mac: string) => void lines.push(`${verb} ${mac}`);
  const cycles = { begin: note('begin'), end: note('end') };
  const times = { proof: 50, look: 10 };
  const driver = snmpPdu({ ...options, times, cycles });
  const address = await plugIn(t, makeStrip(4, { offMs: 60_000 }));
  await t.throwsAsync(driver.cycle({ ...node, words: [address, 'apc', '1'] }), {
    message: /was not seen on/,
  });
  t.deepEqual(lines, [`begin ${node.mac}`]);
  const readOnly = await plugIn(t, makeStrip(4, { isReadOnly: true }));
  await t.throwsAsync(driver.cycle({ ...node, words: [readOnly, 'apc', '1'] }), {
    message: /it refuses/,
  });
  t.deepEqual(lines.slice(1), [`begin ${node.mac}`, `end ${node.mac}`]);
});

test("snmp-pdu a strip behind Debian's snmpd, by version 3", async (t) => {
  const folder = await temporaryFolder(t);
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const conf = join(folder, 'snmpd.conf');
  await writeFile(
    conf,
    [
      `agentaddress udp:127.0.0.1:${port}`,
      'createUser walt SHA-256 "a long password" AES "another password"',
      'rwuser walt priv',
      `pass_persist .1.3.6.1.4.1.13742 ${process.execPath} ${PROGRAM}`,
      '',
    ].join('\n'),
  );
  const snmpd = new Background([
    ...['env', `SNMP_PERSISTENT_DIR=${folder}`, 'MIBS=', 'snmpd', '-f', '-Lo', '-C', '-c', conf],
    ...['-p', join(folder, 'pid')],
  ]);
  t.teardown(() => snmpd.kill());
  await snmpd.waitFor(/NET-SNMP version/);
  const driver = snmpPdu({
    ...options,
    conversations: new Conversations(),
    secretOf: async () => ({
      user: 'walt',
      password: 'a long password',
      privacy: 'another password',
    }),
  });
  const target = { ...node, words: [`127.0.0.1:${port}`, 'raritan', '8'] };
  await driver.cycle(target);
  await driver.off(target);
  t.is(await driver.status(target), 'off');
});
