// The stick's screen when things go wrong, and that it goes on by itself once they are right: real firmware, real stick.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { retryFile } from '../../../agent/boot/retry-file.ts';
import { startVm, type Vm, type VmOptions } from '../../../lab/machines/vm.ts';
import { dnsmasq, httpFiles, httpPortal, udhcpd } from '../../../lab/servers/stand-ins.ts';
import { buildStick } from '../../support/built-stick.ts';
import { createNamespace } from '../../support/namespace.ts';
import { untilEnd } from '../../support/process/stand-in.ts';

const NEXT_SERVER = '--dhcp-boot=none,server,192.168.152.1';

/**
 * `screen(pattern)` waits for a message that comes after all those awaited before, and returns the text in between. Pauses are
 * cut short by Ctrl-C, as a person would.
 */
function screenOf(vm: Vm): (pattern: RegExp) => Promise<string> {
  let after = 0;
  return async (pattern) => {
    const awaited = vm.waitForSerial(pattern, { seconds: 120, after });
    let isOver = false;
    const over = awaited.finally(() => {
      isOver = true;
    });
    for (let round = 0; !isOver && round < 60; round += 1) {
      await Promise.race([over, sleep(2000)]);
      const text = (await vm.serial()).slice(after);
      if (/Trying again in \d+ seconds\.\s*$/.test(text)) await type(vm, ['ctrl', 'c']);
    }
    const seen = (await over).slice(after);
    after += seen.search(pattern) + 1;
    return seen;
  };
}

async function type(vm: Vm, keys: readonly string[]): Promise<void> {
  await vm.control('send-key', { keys: keys.map((data) => ({ type: 'qcode', data })) });
}

/** A namespace of its own, a stick built from the sources here, and a folder for what stand-ins serve. */
async function prepare(t: ExecutionContext, name: string) {
  t.timeout(900_000);
  const { folder, usbDisk } = await buildStick(t);
  const served = join(folder, 'served');
  await mkdir(join(served, 'boot'), { recursive: true });
  const namespace = await createNamespace(name);
  t.teardown(() => namespace.remove());
  const start = async (machine: Pick<VmOptions, 'firmware' | 'cpu' | 'extraArguments'>) => {
    const mac = '52:54:00:00:00:01';
    const serialLog = join(folder, 'serial.log');
    const vm = await startVm({ ...machine, network: namespace, name, mac, usbDisk, serialLog });
    t.teardown(() => vm.stop());
    return vm;
  };
  return { namespace, folder, served, start };
}

/** The start script of our own images, as the server gives it to a PC. */
async function imageScript(model: string): Promise<string> {
  const template = join(import.meta.dirname, '../../../boot-artifacts/images/pc/start.ipxe');
  const text = await readFile(template, 'utf8');
  return text.replaceAll('@MODEL@', model).replaceAll('@CONSOLE@', 'ttyS0');
}

const GOOD_SCRIPT = `#!ipxe
echo script: model=\${model} class=\${user-class}
echo script: server=\${next-server} ip=\${ip}
:stay
sleep 60 ||
goto stay
`;

test.serial(
  'the stick with BIOS says what fails, one failure after the other, and boots at last',
  async (t) => {
    const { namespace, folder, served, start } = await prepare(t, 'pcmsg-bios');
    const vm = await start({ firmware: 'bios', cpu: 'qemu32' });
    await vm.control('set_link', { name: 'card0', up: false });
    const screen = screenOf(vm);
    await screen(/WalT [0-9a-f]{12}: model pc-x86-32, try 1/);
    await screen(/No link on net0/);
    await screen(/Trying again in 2 seconds/);
    // None of these keys may stop the stick or open a prompt.
    for (const keys of [['ctrl', 'b'], ['esc'], ['ret'], ['s'], ['f12']]) await type(vm, keys);
    await vm.control('set_link', { name: 'card0', up: true });
    await screen(/No DHCP answer on net0/);

    const otherNetwork = await untilEnd(t, udhcpd(namespace, folder));
    await screen(/The DHCP answer on net0 names no server to boot from/);
    await otherNetwork.stop();

    const silent = await untilEnd(t, dnsmasq(namespace, [NEXT_SERVER]));
    await screen(/The server 192\.168\.152\.1 does not answer/);
    await silent.stop();

    await untilEnd(t, dnsmasq(namespace, [NEXT_SERVER, '--enable-tftp', `--tftp-root=${served}`]));
    await screen(/no image for this machine yet/);

    await writeFile(join(served, 'start.ipxe'), retryFile('start.ipxe', 'pc-x86-32') ?? '');
    await screen(/no image for model pc-x86-32 yet; retrying/);
    const waiting = await screen(/Trying again in \d+ seconds/);
    t.regex(waiting, /The server's log tells more: walt log show --platform/);
    t.notRegex(
      waiting,
      /start script|start\.ipxe in|Could not boot/,
      'nobody has to correct a script',
    );

    await writeFile(join(served, 'start.ipxe'), await imageScript('pc-x86-32'));
    await screen(/Cannot get the kernel of this node's image/);
    const failed = await screen(/Trying again in \d+ seconds/);
    t.regex(failed, /The image's start script ended and no system was started/);
    t.notRegex(await vm.serial(), /no such image/, 'a good script frees nothing that is not there');

    await rm(join(served, 'start.ipxe'));
    const portal = await untilEnd(t, httpPortal(namespace));
    await screen(/has a file for every name/);
    await portal.stop();

    await writeFile(join(served, 'start.ipxe'), '#!ipxe\nset model nonsense\nkernel nowhere\n');
    await screen(/The image's start script ended/);
    await screen(/Trying again in 30 seconds/);
    await screen(/Trying again in 30 seconds/);

    await writeFile(join(served, 'start.ipxe'), GOOD_SCRIPT);
    await screen(/script: model=pc-x86-32 class=walt\.node\.pc-x86-32\s/);
    await screen(/script: server=\S+ ip=\S+\s/);
    t.regex(await vm.serial(), /script: server=192\.168\.152\.1 ip=192\.168\.152\.\d+\s/);
  },
);

test.serial(
  'the stick with UEFI refuses a wrong file, tries its second card, and prefers HTTP',
  async (t) => {
    const { namespace, served, start } = await prepare(t, 'pcmsg-uefi');
    await untilEnd(t, dnsmasq(namespace, [NEXT_SERVER, '--enable-tftp', `--tftp-root=${served}`]));
    await untilEnd(t, httpFiles(namespace, served));
    await writeFile(join(served, 'boot/start.ipxe'), 'this is no script\n');
    await writeFile(join(served, 'start.ipxe'), '#!ipxe\necho script: by TFTP\n');
    await namespace.addTap('t-second');
    const vm = await start({
      firmware: 'uefi-x64',
      extraArguments: [
        ...['-netdev', 'tap,id=second,ifname=t-second,script=no,downscript=no'],
        ...['-device', 'virtio-net-pci,netdev=second,mac=52:54:00:00:00:02,romfile='],
      ],
    });
    await vm.control('set_link', { name: 'card0', up: false });
    const screen = screenOf(vm);
    await screen(/WalT [0-9a-f]{12}: model pc-x86-64, try 1/);
    await screen(/No link on net\d/);
    await screen(/Wrong file: the server's start\.ipxe is not an iPXE script/);

    await writeFile(join(served, 'boot/start.ipxe'), GOOD_SCRIPT);
    await screen(/script: model=pc-x86-64 class=walt\.node\.pc-x86-64\s/);
    t.notRegex(await vm.serial(), /script: by TFTP/);
  },
);
