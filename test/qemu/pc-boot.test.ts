// The main job on real parts: the stick as it ships, real firmware, the real server, the real default image.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { defaultImage } from '../../lab/lab.ts';
import { asServerSees, eventually, openLab } from '../support/lab.ts';
import { INTERNET, PAGE, plugInternet } from '../support/network/internet.ts';

const IP = '192.168.152.2';
const BOOT_SECONDS = 400;
/** What the default image has for experiments. */
const PROGRAMS = ['python3', 'curl', 'rsync', 'tcpdump', 'sudo', 'vi', 'less', 'git'];

const COUNTED = 1000;
/** Every way in which a node sends lines. */
const WAYS_TO_SPEAK = `
  walt-log-echo word 'one line'
  seq ${COUNTED} | walt-log-cat count
  echo twice | walt-log-tee copied >/dev/null
  walt-log-monitor echo watched
  logger --server 192.168.152.1 --udp --tag exp 'by syslog'
  modprobe netconsole netconsole=@/$(ip -o route get 192.168.152.1 | sed 's/.* dev \\([^ ]*\\).*/\\1/'),12342@192.168.152.1/
  echo '<1>by netconsole' >/dev/kmsg`;
const SPOKEN = [
  'word: one line',
  ...Array.from({ length: COUNTED }, (_, i) => `count: ${i + 1}`),
  'copied: twice',
  ...['echo.run: begins: echo watched', 'echo.stdout: watched', 'echo.run: ended with status 0'],
  'syslog: by syslog',
  'netconsole: by netconsole',
];

/** What iPXE shows when all goes well: from the last try's beginning until Linux takes over. */
function goodTry(serial: string): string {
  const [beforeLinux = ''] = serial.split('Linux version');
  return beforeLinux.slice(beforeLinux.lastIndexOf(', try '));
}

/** Prints how often a node has asked the server for names: below folders that a pack has as a whole, and below others. */
const ASKED = `lookups() { awk '$1 == "LOOKUP:" { sum += $2 } END { print sum }' /proc/self/mountstats; }
  count() { before=$(lookups); ls "$@" >/dev/null 2>&1; echo $(($(lookups) - before)); }
  count / >/dev/null
  count /etc/not-there /etc/systemd/not-there /usr/local/bin/not-there
  count /usr/share/not-there`;

test.serial(
  'a BIOS PC without server keeps trying, then boots; its node is clean at every boot',
  async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, 'bios');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    await lab.endServer('SIGTERM');

    const pc = await lab.startPc({ name: 'pc1', mac: '52:54:00:f2:67:82', firmware: 'bios' });
    await pc.waitForSerial(/No DHCP answer/i, { seconds: 300 });
    await lab.startServer();
    await eventually(
      () => lab.walt('log', 'show', '--platform', '--history', 'full'),
      (text) => text.includes('new node'),
      300,
    );
    t.regex(
      await lab.walt('log', 'show', '--platform', '--history', '-10m:'),
      /^\d\d:\d\d:\d\d\.\d{6} walt-server\.platform\.devices -> new node name=node-f26782 model=pc-x86-64 mac=52:54:00:f2:67:82 ip=192\.168\.152\.2$/m,
    );
    await lab.walt('node', 'wait', 'node-f26782', '--timeout', String(BOOT_SECONDS));
    t.notRegex(goodTry(await pc.serial()), /\*\*|no such|Could not|[Nn]ot found|error/);
    const shown = await lab.walt('node', 'show', '--all');
    t.regex(shown, /free nodes/i);
    t.regex(shown, /^node-f26782 +physical +pc-x86-64 +192\.168\.152\.2 +LAN +yes *$/m);

    const { stages } = JSON.parse(await lab.walt('node', 'show', 'node-f26782', '--json'));
    const kinds = stages.map(({ stage }: { stage: string }) => stage);
    t.deepEqual([...new Set(kinds)], ['dhcp', 'file', 'mounted', 'booted']);
    const kernel = stages.find(({ path }: { path?: string }) => path === 'kernel');
    t.like(kernel, { via: 'http', outcome: 'complete' });
    t.true(kernel.bytes > 1_000_000);

    // By a capability of the program, which NFS does not carry and the node side restores.
    const ping = 'ping -c 1 -W 10 192.168.152.1';
    const asNobody = `sysctl -q -w net.ipv4.ping_group_range="1 0"; su -s /bin/sh nobody -c '${ping}'`;
    t.regex(await lab.ssh(IP, asNobody), /1 received/);

    // What stands on the screen of who comes to the machine, with nothing behind the prompt.
    const serial = await eventually(
      async () => (await pc.serial()).replaceAll('\r', ''),
      (text) => /login: $/.test(text),
      120,
    );
    t.regex(serial.slice(-600), /WalT node node-f26782, 192\.168\.152\.2 \(pc-x86-64\)\nImage /);
    t.regex(serial.slice(-600), /Log in here as root: no password is asked\./);
    const login = "echo 'id -un; cat /etc/motd; exit' | script -qc 'login -p -f -- root' /dev/null";
    t.regex(await lab.ssh(IP, login), /root[\s\S]*gone at the next reboot/);
    await lab.ssh(IP, `command -v ${PROGRAMS.join(' ')} >/dev/null`);
    const whoItIs = 'cat /etc/machine-id /etc/ssh/ssh_host_*';
    const identity = await lab.ssh(IP, whoItIs);
    const modes = await lab.ssh(IP, 'stat -c "%a %u %g" / /etc /usr/bin /etc/passwd');
    t.regex(
      identity,
      /^[0-9a-f]{32}\n-----BEGIN OPENSSH PRIVATE KEY-----\n[^-]+-----END.*\nssh-ed25519 \S+ 52:54:00:f2:67:82\n$/,
    );

    // What this boot read of the image is one pack from now on.
    await eventually(
      () => lab.walt('log', 'show', '--platform', '--history', 'full'),
      (text) => /what pc-x86-64 reads of it to boot is sent in one pack of \d+\.\d MB/.test(text),
      300,
    );

    // A crash of the server and its restart: the node runs on, and is known to.
    const bootId = await lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id');
    await lab.ssh(IP, 'echo mine > /root/written');
    await lab.endServer('SIGKILL');
    t.is(await lab.ssh(IP, 'cat /root/written /proc/sys/kernel/random/boot_id'), `mine\n${bootId}`);
    await lab.startServer();
    const nodes = () => lab.walt('node', 'show', '--all', '--json');
    await eventually(nodes, (text) => JSON.parse(text).nodes[0].booted, 30);
    t.notRegex(await lab.serverLog(), /is down/);
    t.is(await lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id'), bootId);

    const settings = ['mount.persist=true', 'swap=32M', 'journal=true', 'netconsole=true'];
    await lab.walt('node', 'config', 'node-f26782', ...settings);
    await lab.walt('node', 'reboot', 'node-f26782');
    await lab.walt('node', 'wait', 'node-f26782', '--timeout', String(BOOT_SECONDS));
    t.not(await lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id'), bootId);
    t.is(await lab.ssh(IP, 'ls /root'), '', 'what was written is gone');
    const { stages: again } = JSON.parse(await lab.walt('node', 'show', 'node-f26782', '--json'));
    t.regex(again[0].path, /\/start\.grub$/, 'it went on by kexec');
    const pack = again.find(({ path = '' }: { path?: string }) => path.includes('walt-hot-pack'));
    t.like(pack, { via: 'http', outcome: 'complete' });
    t.regex(await lab.ssh(IP, 'grep " / overlay " /proc/mounts'), /lowerdir=\S+\/hot:\//);
    t.is(await lab.ssh(IP, 'stat -c "%a %u %g" / /etc /usr/bin /etc/passwd'), modes);
    const asked = await lab.ssh(IP, ASKED);
    const [whole, parts] = asked.trim().split('\n').map(Number) as [number, number];
    t.deepEqual([whole, parts > 0], [0, true], 'of a whole folder nothing is asked over NFS');
    t.is(await lab.ssh(IP, 'hostname'), 'node-f26782\n');
    t.is(await lab.ssh(IP, whoItIs), identity, 'it is the same machine');

    // With what was said before somebody sent it, and behind the login prompt.
    await lab.ssh(
      IP,
      "systemctl is-active --wait getty@tty1; echo 'a message' >/dev/kmsg; logger written",
    );
    await eventually(
      () => lab.walt('log', 'show', '--history', 'full', '--streams', '^(netconsole|journal)$'),
      (text) =>
        [
          /node-f26782\.netconsole -> .*Linux version /,
          /node-f26782\.netconsole -> .*a message$/m,
          /node-f26782\.journal -> .*systemd\[1\]: /,
          /node-f26782\.journal -> .*sshd?.*listening on /i,
          /node-f26782\.journal -> .*: written$/m,
        ].every((line) => line.test(text)),
      120,
    );

    t.regex(await lab.ssh(IP, 'grep " /persist " /proc/mounts'), /nfs rw,nosuid,nodev,.*vers=3/);
    const swaps = await lab.ssh(IP, 'cat /proc/swaps; dmesg | grep walt:');
    t.regex(swaps, /^\/dev\/zram0\s.*\s32764\s/m);
    const write = "su -s /bin/sh nobody -c 'echo kept > /persist/note'; stat -c %u /persist/note";
    t.regex(await lab.ssh(IP, write), /^1879048192$/m);
    // What a server answers to it differs; whose the file is may not.
    await lab.ssh(IP, 'chown nobody /persist/note || true');
    const place = join(lab.folder, 'state/persist/waltplatform/52:54:00:f2:67:82');
    const files = join(await asServerSees(lab, place), 'files');
    t.is(await readFile(join(files, 'note'), 'utf8'), 'kept\n');
    t.is((await stat(join(files, 'note'))).uid, 1_879_048_192);
  },
);

test.serial(
  'a UEFI PC boots from the same stick; it has the time, the names and the way to the internet',
  async (t) => {
    t.timeout(20 * 60_000);
    const lab = await openLab(t, 'uefi', {
      network: { address: '192.168.152.1/24', netsetup: 'NAT' },
      dns: { upstream: [] },
      time: { trust: 'yes' },
      log: { syslog: true },
    });
    await plugInternet(t, lab, 'uefi');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    const extraArguments = ['-rtc', 'base=2010-01-01'];
    const machine = { name: 'pc2', mac: '52:54:00:00:00:02', extraArguments } as const;
    await lab.startPc({ ...machine, firmware: 'uefi-x64' });
    await eventually(
      () => lab.walt('device', 'show'),
      (text) => text.includes('node-000002'),
      300,
    );
    await lab.walt('node', 'wait', 'node-000002', '--timeout', String(BOOT_SECONDS));
    t.regex(await lab.ssh(IP, 'ls -d /sys/firmware/efi'), /efi/);

    t.regex(await lab.ssh(IP, 'dmesg'), /the clock was off by \d{9} s, and was set to the time/);
    const off = Number(await lab.ssh(IP, 'date +%s')) - Date.now() / 1000;
    t.true(Math.abs(off) < 60, `the clock of the node is off by ${off} s`);
    // Its systemd-timesyncd follows the server, by SNTP.
    await eventually(
      () => lab.ssh(IP, 'ls /run/systemd/timesync'),
      (text) => text.includes('synchronized'),
      120,
    );

    const find = async (name: string) => lab.ssh(IP, `getent ahostsv4 ${name} || true`);
    t.regex(await find('walt-server'), /^192\.168\.152\.1 /);
    t.regex(await find('node-000002.walt'), /^192\.168\.152\.2 /);
    await lab.walt('node', 'rename', 'node-000002', 'pc-2');
    await eventually(
      () => find('pc-2'),
      (line) => line.startsWith(`${IP} `),
      30,
    );
    t.is(await find('node-000002.walt'), '');

    const fetch = () => lab.ssh(IP, `wget -qO- -T 5 -t 1 http://${INTERNET}/ || true`);
    t.is(await fetch(), PAGE);
    await lab.walt('node', 'config', 'pc-2', 'netsetup=LAN');
    t.is(await fetch(), '');
    await lab.walt('node', 'config', 'pc-2', 'netsetup=NAT');
    t.is(await fetch(), PAGE);

    await lab.ssh(IP, WAYS_TO_SPEAK);
    const said = async () => {
      const range = ['--history', 'full', '--format', '{stream}: {line}'];
      const text = await lab.walt('log', 'show', '--nodes', 'pc-2', ...range);
      // The kernel and syslog put times of their own in front.
      return text
        .trimEnd()
        .replace(/^(netconsole|syslog): .*(?=by \1$)/gm, '$1: ')
        .split('\n');
    };
    const lines = await eventually(said, (all) => all.length >= SPOKEN.length, 60);
    t.deepEqual(lines.toSorted(), SPOKEN.toSorted());
    const ofStream = (name: string) => lines.filter((line) => line.startsWith(`${name}: `));
    t.deepEqual(
      ofStream('count'),
      SPOKEN.filter((line) => line.startsWith('count: ')),
    );
  },
);

test.serial(
  'a PC with a 32-bit CPU announces pc-x86-32, and is told that there is no image yet',
  async (t) => {
    t.timeout(10 * 60_000);
    const lab = await openLab(t, 'old');
    await lab.startServer();
    const pc = await lab.startPc({
      name: 'pc3',
      mac: '52:54:00:00:00:03',
      firmware: 'bios',
      cpu: 'qemu32',
    });
    await pc.waitForSerial(/no image for model pc-x86-32 yet/, { seconds: 300 });
    const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
    const device = devices.find(({ mac }: { mac: string }) => mac === '52:54:00:00:00:03');
    t.like(device, { name: 'unknown-000003', type: 'unknown', model: 'pc-x86-32' });
    t.regex(device.note, /^no image for model pc-x86-32 yet/);
    const before = (await pc.serial()).length;
    await pc.waitForSerial(/no image for model pc-x86-32 yet/, { seconds: 300, after: before });
  },
);
