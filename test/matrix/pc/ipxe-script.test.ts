// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE are written so
// The iPXE of the stick itself runs the lines that the server follows for machines without iPXE, and comes to the same.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startVm } from '../../../lab/machines/vm.ts';
import { dnsmasq } from '../../../lab/servers/stand-ins.ts';
import { buildStick } from '../../support/built-stick.ts';
import { kernelLines, lines, menus } from '../../support/ipxe-cases.ts';
import { createNamespace } from '../../support/namespace.ts';
import { untilEnd } from '../../support/process/stand-in.ts';

const cases = [
  ...lines.map(([line, r]) => ({ what: line, asked: [line], r })),
  ...menus.map(([what, asked, r]) => ({ what: `a menu: ${what}`, asked, r })),
];

/** Nothing ends the script: each line is followed by `||`. */
function script(): string {
  const asked = cases.flatMap(({ asked }, index) => [
    ...['imgfree', 'set r -', ...asked.map((line) => `${line} ||`)],
    `echo r of ${index} is \${r} .`,
  ]);
  const loaded = kernelLines.flatMap((line, index) => [
    ...['imgfree', `${line} ||`, `echo images of ${index}`, 'imgstat', `echo end of ${index}`],
  ]);
  return [
    '#!gpxe',
    ...asked,
    ...loaded,
    'echo all is done',
    ':stay',
    'sleep 60 ||',
    'goto stay',
    '',
  ].join('\n');
}

test('iPXE comes to what the follower of start scripts comes to', async (t) => {
  t.timeout(900_000);
  const { folder, usbDisk } = await buildStick(t);
  const served = join(folder, 'served');
  await mkdir(served);
  await writeFile(join(served, 'start.ipxe'), script());
  // A script, which iPXE takes for something that can be started.
  await writeFile(join(served, 'kernel'), '#!ipxe\necho never\n');
  const namespace = await createNamespace('ipxescript');
  t.teardown(() => namespace.remove());
  const nextServer = '--dhcp-boot=none,server,192.168.152.1';
  await untilEnd(t, dnsmasq(namespace, [nextServer, '--enable-tftp', `--tftp-root=${served}`]));
  const machine = { name: 'ipxescript', mac: '52:54:00:00:00:01', firmware: 'bios' } as const;
  const serialLog = join(folder, 'serial.log');
  const vm = await startVm({ ...machine, network: namespace, usbDisk, serialLog });
  t.teardown(() => vm.stop());

  const said = await vm.waitForSerial(/all is done/, { seconds: 400 });
  for (const [index, { what, r }] of cases.entries()) {
    t.is(new RegExp(`r of ${index} is (.*) \\.`).exec(said)?.[1], r, what);
  }
  for (const [index, line] of kernelLines.entries()) {
    const between = new RegExp(`images of ${index}\\s+([\\s\\S]*?)\\s+end of ${index}\\s`);
    const images = between.exec(said)?.[1] ?? '';
    t.regex(images, /^\w+ : .*\[SELECTED\].* "quiet"$/, line);
  }
});
