import { Buffer } from 'node:buffer';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { BusConnection } from '../../../../../agent/nfs/ganesha/bus/bus-connection.ts';
import { decodeBusMessage, encodeBusCall } from '../../../../../agent/nfs/ganesha/bus/message.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const CALL = {
  ...{ destination: 'a.b', path: '/o', interface: 'c.d', member: 'M' },
  arguments: ['text', 65535],
};

test('encodeBusCall() writes head, fields and arguments, each where D-Bus wants it', (t) => {
  const wanted = [
    // Little-endian, call, no flags, version 1; length of the body, serial, length of the fields.
    ...['6c010001', '0c000000', '07000000', '48000000'],
    // Path (o), padded to 8.
    ...['01016f00', '02000000', '2f6f0000', '00000000'],
    // Destination, interface, member (s).
    ...['06017300', '03000000', '612e6200', '00000000'],
    ...['02017300', '03000000', '632e6400', '00000000'],
    ...['03017300', '01000000', '4d000000', '00000000'],
    // Signature (g), whose length is one byte: "sq".
    ...['08016700', '02737100'],
    // The text with its length and a NUL, then the number at a multiple of 2.
    ...['04000000', '74657874', '0000ffff'],
  ];
  t.is(encodeBusCall(7, CALL).toString('hex'), wanted.join(''));
});

/** A method return to serial 9, with one text. */
const ANSWER = Buffer.from(
  [
    ...['6c020101', '07000000', '02000000', '0f000000'],
    // Reply serial (u); signature "s".
    ...['05017500', '09000000', '08016700', '01730000'],
    ...['02000000', '686900'],
  ].join(''),
  'hex',
);

test('decodeBusMessage() tells which call is answered, and its text', (t) => {
  const more = Buffer.concat([ANSWER, Buffer.from('6c')]);
  t.deepEqual(decodeBusMessage(more), {
    message: { kind: 'answer', answers: 9, text: 'hi' },
    length: ANSWER.length,
  });
});

test('decodeBusMessage() waits for the rest of a message, wherever it ends', (t) => {
  for (let length = 0; length < ANSWER.length; length += 1) {
    t.is(decodeBusMessage(ANSWER.subarray(0, length)), undefined, `${length} bytes`);
  }
});

const BUS = 'org.freedesktop.DBus';

test('BusConnection speaks with a real dbus-daemon, and tells why a call is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const [config, socket] = [join(folder, 'bus.conf'), join(folder, 'socket')];
  const rules = '<allow send_destination="*"/><allow receive_sender="*"/>';
  await writeFile(
    config,
    `<busconfig><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth><policy context="default">${rules}</policy></busconfig>`,
  );
  const options = ['--nofork', '--nopidfile', '--print-address', `--config-file=${config}`];
  const daemon = spawn('dbus-daemon', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  t.teardown(async () => {
    const ended = once(daemon, 'exit');
    daemon.kill();
    await ended;
  });
  await once(daemon.stdout, 'data');
  const bus = await BusConnection.open(socket);
  const ask = (member: string, ...asked: (string | number)[]) =>
    bus.call({
      ...{ destination: BUS, path: '/org/freedesktop/DBus', interface: BUS },
      ...{ member, arguments: asked },
    });
  const own = await ask('GetNameOwner', BUS);
  t.is(own, BUS);
  const foreign = execFileSync(
    'dbus-send',
    [
      ...[`--bus=unix:path=${socket}`, '--print-reply=literal', `--dest=${BUS}`],
      ...['/org/freedesktop/DBus', `${BUS}.GetNameOwner`, `string:${BUS}`],
    ],
    { encoding: 'utf8' },
  );
  t.is(foreign.trim(), own, 'as dbus-send reads it');
  await t.throwsAsync(ask('GetNameOwner', 'org.example.nobody'), {
    message: /^Cannot call GetNameOwner of org\.freedesktop\.DBus: Could not get owner of name/,
  });
  t.is(await ask('GetNameOwner', BUS), BUS, 'a refusal ends nothing');
  bus.close();
});

test('BusConnection.open() says that nobody listens', async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(BusConnection.open(join(folder, 'none')), {
    message: /^Cannot ask over the D-Bus: .*ENOENT/,
  });
});
