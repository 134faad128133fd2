// walt-init with images that have all kinds of things where it looks: none of them may keep the node from its boot.
import test from 'ava';
import { createNodeImage, type NodeImage } from './node-image.ts';

test.before((t) => {
  t.timeout(300_000);
});

const CMDLINE = 'quiet walt.node.name=alice walt.dns=192.0.2.1';

/** What an init sees, and what the keepers' root has. */
const REPORT = `
keepers=/run/walt/keepers
echo "scripts: $(cd $keepers/bin && echo walt-*)"
echo "sh: $(chroot $keepers /bin/sh -c 'echo works')"
for file in $keepers/bin/awk; do echo "awk: $(readlink $file)"; done
echo "name: $(hostname), hosts: $(cat /etc/hosts), resolver: $(cat /etc/resolv.conf)"
[ -e /etc/hostname ] || echo "no host name of the image"
for folder in / /run /proc /sys /dev; do mkdir -p $folder && grep -q " $folder " /proc/mounts && echo "mounted: $folder"; done
touch /usr/written && echo "writable"
for keeper in watchdog notify-bootup fs-watchdog net-service; do
	until ps | grep -q "[w]alt-keep /bin/walt-$keeper"; do usleep 100000; done
	echo "runs: $keeper"
done
echo "report ends"`;

const EXPECTED = [
  'scripts: walt-connection walt-fs-probe walt-fs-watchdog walt-keep walt-kexec walt-log-common walt-log-echo walt-net-service ' +
    'walt-net-service-handler walt-notify-bootup walt-read-line walt-script-common walt-start-words ' +
    'walt-watchdog',
  'sh: works',
  'awk: /bin/busybox',
  'name: alice, hosts: 127.0.1.1 alice, resolver: nameserver 192.0.2.1',
  'no host name of the image',
  ...['/', '/run', '/proc', '/sys', '/dev'].map((folder) => `mounted: ${folder}`),
  'writable',
  ...['watchdog', 'notify-bootup', 'fs-watchdog', 'net-service'].map((keeper) => `runs: ${keeper}`),
];

async function withImage(
  options: Partial<Parameters<typeof createNodeImage>[0]>,
  body: (image: NodeImage) => Promise<void>,
): Promise<void> {
  const image = await createNodeImage({ init: REPORT, cmdline: CMDLINE, ...options });
  try {
    await body(image);
  } finally {
    await image.remove();
  }
}

const CASES: readonly (readonly [string, string])[] = [
  ['nothing special', 'true'],
  ['a folder /bin/walt-stuff', 'mkdir bin/walt-stuff; echo >bin/walt-stuff/file'],
  ['a dangling link /bin/walt-link', 'ln -s /nowhere bin/walt-link'],
  ['a pipe /bin/walt-pipe', 'mkfifo bin/walt-pipe'],
  ['a file /bin/walt-huge', 'truncate -s 100M bin/walt-huge'],
  ['a folder /bin/walt-preinit', 'mkdir bin/walt-preinit'],
  ['a pipe /bin/walt-preinit', 'mkfifo -m 755 bin/walt-preinit'],
  ['a dangling link /bin/walt-preinit', 'ln -s /nowhere bin/walt-preinit'],
  ['a busybox elsewhere', 'mkdir opt; mv bin/busybox opt/box-1; ln -s /opt/box-1 bin/busybox'],
  [
    'a merged /usr',
    'mv bin/* usr/bin/; rmdir bin; ln -s usr/bin bin; mv sbin usr/sbin; ln -s usr/sbin sbin',
  ],
  ['a folder /etc/hostname', 'mkdir -p etc/hostname/in'],
  ['a file /etc/hostname', 'echo other >etc/hostname'],
  ['a dangling link /etc/hostname', 'ln -s /nowhere etc/hostname'],
  ['a folder /etc/hosts', 'mkdir -p etc/hosts/in'],
  ['a pipe /etc/hosts', 'mkfifo etc/hosts'],
  ['a dangling link /etc/hosts', 'ln -s /no/where etc/hosts'],
  ['an /etc/hosts that nobody may write', 'touch etc/hosts; chmod 0 etc/hosts'],
  ['a folder /etc/resolv.conf', 'mkdir -p etc/resolv.conf/in'],
  ['a pipe /etc/resolv.conf', 'mkfifo etc/resolv.conf'],
  ['a dangling link /etc/resolv.conf', 'ln -s /run/systemd/nowhere etc/resolv.conf'],
  ['no /run', 'rmdir run'],
  ['a file /run', 'rmdir run; touch run'],
  ['an absolute link /run', 'rmdir run; mkdir -p var/run; ln -s /var/run run'],
  ['a relative link /run', 'rmdir run; mkdir -p var/run; ln -s var/run run'],
  ['a dangling link /run', 'rmdir run; ln -s /nowhere run'],
  ['no /run, and a file /mnt', 'rmdir run mnt; touch mnt'],
  ['neither /run nor /mnt nor /tmp', 'rmdir run mnt tmp'],
  ['a pipe that is called like the loader of musl', 'mkfifo lib/ld-musl-x.so.1'],
  ['a folder that is called like the loader of musl', 'mkdir lib/ld-musl-x.so.1'],
  ['a file that is called like the loader of musl', 'truncate -s 100M lib/ld-musl-x.so.1'],
  [
    'commands that fail or hang',
    'for tool in mount mkdir cp grep sed chroot mv; do ' +
      'printf "#!/bin/busybox sh\\nexec /bin/busybox sleep 3600\\n" >usr/bin/$tool; chmod 755 usr/bin/$tool; done',
  ],
];

for (const [what, command] of CASES) {
  test(`walt-init starts an image with ${what}`, (t) =>
    withImage({}, async (image) => {
      await image.prepare(`mkdir -p usr/bin lib; ${command}`);
      const said = await image.boot(/report ends|cannot start/);
      for (const line of EXPECTED) t.true(said.includes(`${line}\n`), `${line}, of:\n${said}`);
      t.notRegex(said, /cannot/);
    }));
}

test('walt-init runs the hook of the image before its init', (t) =>
  withImage({}, async (image) => {
    await image.prepare(
      'printf "#!/bin/busybox sh\\necho hook runs with \\$PATH\\n" >bin/walt-preinit; chmod 755 bin/walt-preinit',
    );
    const said = await image.boot(/report ends|cannot start/);
    t.regex(said, /hook runs with \/usr\/local\/sbin:.*report ends/s);
  }));

test('walt-init does not wait for ever for a hook, and the keepers run meanwhile', (t) =>
  withImage({}, async (image) => {
    const hook =
      'until busybox ps | busybox grep -q "[w]alt-keep /bin/walt-net"; do busybox usleep 100000; done; ' +
      'echo keepers run; exec busybox sleep 3600';
    await image.prepare(
      `printf '#!/bin/busybox sh\\n%s\\n' '${hook}' >bin/walt-preinit; chmod 755 bin/walt-preinit`,
    );
    const said = await image.boot(/report ends|cannot start/, { WALT_HOOK_SECONDS: '3' });
    t.regex(said, /keepers run.*walt-preinit failed, or did not end within 3 s.*report ends/s);
  }));

test('walt-init says what is missing, and reboots, where the image has no /sbin/init', (t) =>
  withImage({}, async (image) => {
    await image.prepare('rm sbin/init; mkdir sbin/init');
    const said = await image.boot(/rebooted/);
    t.regex(said, /cannot start the node: the image has no program \/sbin\/init\. Rebooting/);
  }));

for (const script of ['walt-take-identity', 'walt-set-clock', 'walt-restore-capabilities']) {
  test(`walt-init waits for ${script}, which runs beside the rest, before the init starts`, (t) =>
    withImage({}, async (image) => {
      const slow = '#!/bin/busybox sh\\nsleep 2\\necho it has ended >/dev/console\\n';
      await image.prepare(`printf '${slow}' >bin/${script}`);
      const said = await image.boot(/report ends|cannot start/);
      t.regex(said, /it has ended[\s\S]*report ends/);
    }));
}

test('walt-init goes on without the time of the server, and says so before the init starts', (t) =>
  withImage({ cmdline: `${CMDLINE} walt.server.ip=192.0.2.7` }, async (image) => {
    const said = await image.boot(/report ends|cannot start/);
    t.regex(said, /the server does not tell the time: the clock stays.*report ends/s);
  }));
