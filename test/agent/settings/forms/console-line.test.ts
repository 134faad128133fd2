import test from 'ava';
import { consoleLine } from '../../../../agent/settings/forms/console-line.ts';

for (const [text, path, speed] of [
  ['/dev/ttyUSB0,115200', '/dev/ttyUSB0', 115_200],
  ['/dev/ttyS1', '/dev/ttyS1', 115_200],
  ['/dev/ttyACM12,9600', '/dev/ttyACM12', 9600],
  [
    '/dev/serial/by-id/usb-FTDI_FT232R-if00-port0,57600',
    '/dev/serial/by-id/usb-FTDI_FT232R-if00-port0',
    57_600,
  ],
] as const) {
  test(`console=${text} is a line`, (t) => {
    t.deepEqual(consoleLine.read(text), { kind: 'value', value: { path, speed } });
  });
}

test('console=none is none', (t) => {
  t.deepEqual(consoleLine.read('none'), { kind: 'value', value: undefined });
});

for (const text of [
  ...[
    '',
    'ttyUSB0',
    '/dev/sda',
    '/dev/pts/0',
    '/dev/tty',
    '/dev/tty1',
    '/dev/console',
    '/etc/shadow',
  ],
  ...[
    '/dev/serial/by-id/../../sda',
    '/dev/serial/by-id/',
    '/dev/ttyUSB0,1',
    '/dev/ttyUSB0,',
    '/dev/ttyUSB0\n',
  ],
  ...['/dev/ttyUSB0,115200,8N1', '/dev/ttyUSB0 ,9600', ' /dev/ttyS0', '/dev/serial/by-path/a/b'],
]) {
  test(`console=${JSON.stringify(text)} is refused in a sentence`, (t) => {
    const reading = consoleLine.read(text);
    t.is(reading.kind, 'complaint');
    if (reading.kind === 'complaint') t.regex(reading.complaint, /expected/);
  });
}
