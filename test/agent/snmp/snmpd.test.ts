// A foreign agent: Debian's snmpd, whose objects of a switch come from a program (`pass_persist`).

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  awaitPower,
  cutPower,
  detectionOf,
  orderPower,
} from '../../../agent/power/poe/port-power.ts';
import { type SnmpClient, withSnmp } from '../../../agent/snmp/client.ts';
import { findPlaces } from '../../../agent/switches/places.ts';
import { readSwitch } from '../../../agent/switches/read-switch.ts';
import { freePort } from '../../../lab/network/free-port.ts';
import { Background } from '../../../lab/programs/background.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '02:00:00:00:00:01';
const SWITCH = '02:5e:00:00:00:09';
const BOARD = 'b8:27:eb:00:00:09';
const V3 = { user: 'walt', password: 'a long password', privacy: 'another password' };
const PROGRAM = join(import.meta.dirname, '../../../lab/switches/pass-persist.ts');

/** Begins anew where it was, so that it counts its restarts. @param folder what it keeps lies there */
async function startSnmpd(folder: string, port: number): Promise<Background> {
  const program = `${process.execPath} ${PROGRAM} ${SERVER} ${SWITCH} ${BOARD}`;
  const roots = ['.1.3.6.1.2.1.17', '.1.3.6.1.2.1.105', '.1.0.8802.1.1.2'];
  await writeFile(
    join(folder, 'snmpd.conf'),
    [
      `agentaddress udp:127.0.0.1:${port}`,
      'rwcommunity lab',
      `createUser ${V3.user} SHA-256 "${V3.password}" AES "${V3.privacy}"`,
      `rwuser ${V3.user} priv`,
      ...roots.map((root) => `pass_persist ${root} ${program}`),
      '',
    ].join('\n'),
  );
  const environment = ['env', `SNMP_PERSISTENT_DIR=${folder}`, 'MIBS='];
  const snmpd = new Background([
    ...environment,
    ...['snmpd', '-f', '-Lo', '-C', '-c', join(folder, 'snmpd.conf'), '-p', join(folder, 'pid')],
  ]);
  await snmpd.waitFor(/NET-SNMP version/);
  return snmpd;
}

test('snmpd of Debian: places and PoE, by versions 1, 2c and 3', async (t) => {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const snmpd = await startSnmpd(folder, port);
  t.teardown(() => snmpd.kill());
  const accesses = [
    { version: '2c', community: 'lab' },
    { version: '1', community: 'lab' },
    { version: '3', ...V3 },
  ] as const;
  for (const access of accesses) {
    const target = { name: 'foreign', ip: '127.0.0.1', port, access };
    await withSnmp(
      target,
      async (client) => {
        const facts = await readSwitch(client);
        const { places } = findPlaces(new Map([[SWITCH, facts]]), SERVER);
        t.deepEqual(places.get(BOARD), { switch: SWITCH, port: 3 });
        const index = facts.ports.find((one) => one.port === 3)?.poe ?? '';
        t.is(index, '1.3');
        const device = {
          mac: SWITCH,
          ip: '',
          name: 'foreign',
          type: 'unknown',
          firstSeen: 0,
        } as const;
        const poePort = { switch: device, port: 3, index, model: '', text: 'port 3 of foreign' };
        const times = { off: 0, proof: 5000, look: 50 };
        await cutPower(client, poePort, times);
        t.is(await detectionOf(client, poePort), 'disabled');
        await orderPower(client, poePort);
        await awaitPower(client, poePort, times);
        t.is(await detectionOf(client, poePort), 'deliveringPower');
      },
      { timeout: 2000, retries: 2 },
    );
  }
});

test('snmpd of Debian: version 3, restarted within a conversation and between two', async (t) => {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  let snmpd = await startSnmpd(folder, port);
  t.teardown(() => snmpd.kill());
  const restart = async () => {
    await snmpd.kill();
    snmpd = await startSnmpd(folder, port);
  };
  const target = {
    name: 'foreign',
    ip: '127.0.0.1',
    port,
    access: { version: '3', ...V3 },
  } as const;
  const patience = { timeout: 2000, retries: 2 };
  const ports = async (client: SnmpClient) => (await readSwitch(client)).ports.length;
  const before = await withSnmp(
    target,
    async (client) => {
      const count = await ports(client);
      await restart();
      t.is(await ports(client), count);
      return count;
    },
    patience,
  );
  await restart();
  t.is(await withSnmp(target, ports, patience), before);
  t.true(before > 0);
});
