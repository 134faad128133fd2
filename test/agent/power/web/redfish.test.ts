// The driver `redfish` with a BMC on loopback, over TLS.
import test, { type ExecutionContext } from 'ava';
import { redfish } from '../../../../agent/power/web/redfish.ts';
import { emulateBmc } from '../../../../lab/power/emulated-bmc.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const secret = { user: 'walt', password: 'a secret word', privacy: '' };
const node = { name: 'pc-1', mac: '52:54:00:00:00:01', ip: '192.168.152.7' };
const times = { proof: 200, look: 10 };
const cycles = { begin: async () => undefined, end: async () => undefined };

async function open(t: ExecutionContext, options: Partial<Parameters<typeof emulateBmc>[0]> = {}) {
  const folder = await temporaryFolder(t);
  const bmc = await emulateBmc({ folder, login: 'walt:a secret word', ...options });
  t.teardown(() => bmc[Symbol.asyncDispose]());
  const address = `127.0.0.1:${bmc.port}`;
  const driver = redfish({ secretOf: async () => secret, times, cycles });
  return { bmc, address, driver, target: { ...node, words: [address, bmc.fingerprint] } };
}

test('redfish switches the machine of a BMC, and says how it stands', async (t) => {
  const { bmc, driver, target } = await open(t);
  await driver.off(target);
  t.is(await driver.status(target), 'off');
  await driver.on(target);
  t.is(await driver.status(target), 'on');
  await driver.cycle(target);
  await driver.off(target);
  await driver.cycle(target);
  t.is(await driver.status(target), 'on');
  t.deepEqual(bmc.orders, ['1 ForceOff', '1 On', '1 PowerCycle', '1 ForceOff', '1 On']);
});

test('redfish takes what the BMC offers, and refuses where that is nothing', async (t) => {
  const { bmc, driver, target } = await open(t, { resetTypes: ['ForceRestart'] });
  await driver.cycle(target);
  t.deepEqual(bmc.orders, ['1 ForceRestart']);
  await t.throwsAsync(driver.off(target), { message: /offers none of ForceOff, but ForceRestart/ });
});

test('redfish sends no password to who has another certificate, and shows the one that is missing', async (t) => {
  const { bmc, driver, address, target } = await open(t);
  const shown = bmc.fingerprint.replaceAll(':', '').toLowerCase();
  const other = 'ab'.repeat(32);
  await t.throwsAsync(driver.off({ ...target, words: [address, other] }), {
    message: new RegExp(`is not the one that power.argument names: its SHA-256 is ${shown}`),
  });
  await t.throwsAsync(driver.off({ ...target, words: [address] }), {
    message: new RegExp(`the SHA-256 ${shown}: compare it`),
  });
  t.is(bmc.requests(), 0);
});

test('redfish wants a name where a BMC serves several machines', async (t) => {
  const { bmc, driver, target } = await open(t, { machines: ['blade-1', 'blade-2'] });
  await t.throwsAsync(driver.off(target), {
    message: /serves the machines blade-1, blade-2: name/,
  });
  await driver.off({ ...target, words: [...target.words, 'blade-2'] });
  t.deepEqual([...bmc.power.values()], [true, false]);
  await t.throwsAsync(driver.off({ ...target, words: [...target.words, 'blade-3'] }), {
    message: /name one/,
  });
});

test('redfish what is not done, a wrong account, nobody there and bad words are said, without the password', async (t) => {
  const { bmc, driver, target } = await open(t);
  bmc.isStuck = true;
  await t.throwsAsync(driver.off(target), {
    message: /took the order, and the machine is not off/,
  });
  const wrong = redfish({
    secretOf: async () => ({ ...secret, password: 'guess' }),
    times,
    cycles,
  });
  const thrown = await t.throwsAsync(wrong.off(target), { message: /refuses the account/ });
  t.false(thrown?.message.includes('guess'));
  const nobody = { ...target, words: ['127.0.0.1:1', bmc.fingerprint] };
  await t.throwsAsync(driver.off(nobody), { message: /127\.0\.0\.1 port 1 speaks no TLS with us/ });
  for (const words of [[], ['https://127.0.0.1/'], ['10.0.0.5', 'abc'], ['10.0.0.5:99999']]) {
    await t.throwsAsync(driver.off({ ...target, words }), { message: /has to be ADDRESS/ });
  }
  const without = redfish({ secretOf: async () => undefined, times, cycles });
  await t.throwsAsync(without.off(target), { message: /walt device credentials pc-1/ });
});

test('redfish a cycle whose machine stays off is on disk, and one that the BMC refuses is not', async (t) => {
  const { bmc, target } = await open(t);
  const lines: string[] = [];
  const note = (verb: string) => async (mac: string) => void lines.push(`${verb} ${mac}`);
  const noted = { begin: note('begin'), end: note('end') };
  const driver = redfish({ secretOf: async () => secret, times, cycles: noted });
  bmc.power.set('1', false);
  bmc.isStuck = true;
  await t.throwsAsync(driver.cycle(target), { message: /the machine is not on/ });
  t.deepEqual(lines.splice(0), [`begin ${node.mac}`]);
  bmc.power.set('1', true);
  bmc.isStuck = false;
  await driver.cycle(target);
  t.deepEqual(lines.splice(0), [`begin ${node.mac}`, `end ${node.mac}`]);
  const other = await open(t, { resetTypes: ['On'] });
  await t.throwsAsync(driver.cycle(other.target), { message: /offers none of PowerCycle/ });
  t.deepEqual(lines.splice(0), [`begin ${node.mac}`, `end ${node.mac}`]);
});
