// What iPXE gets in place of an image's start script where the node is to start from its own disk. Whatever fails ends the script
// with an error: the medium (boot-artifacts/pc/autoexec.ipxe) then waits, and asks again.
import { LOCAL_TEXT, NO_DISK_TEXT } from './words.ts';

/** Numbers that a BIOS has for its disks. It gives the first one to the disk that it starts from, and so to our stick; some do not. */
const FIRST_DISK = '0x80';
const OTHER_DISKS = ['0x81', '0x82', '0x83'];

/**
 * Boot loaders of installed systems below \EFI, and none that is on our stick. Windows comes last: a loader of another
 * system starts it too. Each `@` is what the processor is called in names of such files.
 */
const LOADERS = [
  ...[
    'debian',
    'ubuntu',
    'fedora',
    'centos',
    'rocky',
    'almalinux',
    'redhat',
    'opensuse',
    'sles',
  ].map((name) => `${name}\\shim@.efi`),
  ...['debian', 'ubuntu', 'arch', 'GRUB'].map((name) => `${name}\\grub@.efi`),
  'systemd\\systemd-boot@.efi',
  'Microsoft\\Boot\\bootmgfw.efi',
];

/** Whatever system that is: where shim lies there, it may write the firmware's boot order anew. */
const FALLBACK = 'BOOT\\BOOT@.EFI';

/** Shows that iPXE came from our stick, whose file system is then that of `file:`. */
const OF_THE_STICK = 'file:/autoexec.ipxe';

/**
 * @param tries how often the same machine has asked for this within minutes, 0 at first: a disk that was started and led
 * back here was the stick
 */
export function localIpxeScript(tries: number): string {
  return [
    '#!ipxe',
    `echo ${LOCAL_TEXT}`,
    'imgfree ||',
    `iseq \${platform} efi && goto efi ||`,
    // A card's ROM has no stick before it.
    `iseq \${netX/chip} undionly && goto first ||`,
    tries % 2 === 0 ? 'goto others' : 'goto first',
    ':first',
    bios(FIRST_DISK),
    ...OTHER_DISKS.map(bios),
    'goto nothing',
    ':others',
    ...OTHER_DISKS.map(bios),
    bios(FIRST_DISK),
    'goto nothing',
    ':efi',
    'set local-arch x64',
    `iseq \${buildarch} arm64 && set local-arch aa64 ||`,
    ...LOADERS.map(efi),
    `imgfetch --name local-stick ${OF_THE_STICK} && goto stick ||`,
    efi(FALLBACK),
    ':nothing',
    `echo ** ${NO_DISK_TEXT}`,
    'exit 1',
    // The stick's GRUB knows how to tell the stick from other disks. It goes on where iPXE ends, and the medium's script ends at
    // its count of cards, which is none any more.
    ':stick',
    'imgfree ||',
    'echo Going on by GRUB',
    'set stick-card local',
    'exit 1',
    '',
  ].join('\n');
}

function bios(disk: string): string {
  return `sanboot --no-describe --drive ${disk} ||`;
}

/** Drive 0 is any disk. */
function efi(file: string): string {
  return `sanboot --no-describe --drive 0 --filename \\EFI\\${file.replace('@', `\${local-arch}`)} ||`;
}
