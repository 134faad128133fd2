// What GRUB gets where the node is to start from its own disk: it looks on each disk for the boot loader of an installed system. The
// stick with Linux reads this as a script for its shell (buildroot-overlay/bin/walt-start-words): hence no wildcards in devices.
import { LOCAL_TEXT, NO_DISK_TEXT } from './words.ts';

const DISKS = 'hd0 hd1 hd2 hd3 hd4 hd5 hd6 hd7';
const PARTITIONS =
  'gpt1 gpt2 gpt3 gpt4 gpt5 gpt6 gpt7 gpt8 msdos1 msdos2 msdos3 msdos4 msdos5 msdos6';

/**
 * Windows comes late: a loader of another system starts it too. What lies in BOOT comes last: shim there may write the
 * firmware's boot order anew.
 */
const LOADERS = [
  '*/shim$local_cpu.efi',
  '*/grub$local_cpu.efi',
  '*/systemd-boot$local_cpu.efi',
  'Microsoft/Boot/bootmgfw.efi',
  'BOOT/BOOT$local_cpu.EFI',
];

const ON_PARTITION = '"($disk,$part)"';

/** A configuration without wishes: where no disk starts, it says so and ends, and the medium asks again. */
export function localGrubConfig(): string {
  return [
    'set walt_answer=yes',
    `echo '${LOCAL_TEXT}'`,
    'set local_root="$root"',
    'set local_cpu=x64',
    'if [ "$grub_cpu" = i386 ]; then set local_cpu=ia32; fi',
    'if [ "$grub_cpu" = arm64 ]; then set local_cpu=aa64; fi',
    `for disk in ${DISKS}; do`,
    `  for part in ${PARTITIONS}; do`,
    `    if [ -d ${ON_PARTITION}/EFI ]; then`,
    // Our stick is no disk of the machine.
    `      if [ ! -e ${ON_PARTITION}/autoexec.ipxe ]; then`,
    `        for loader in ${LOADERS.map((file) => `${ON_PARTITION}/EFI/${file}`).join(' ')}; do`,
    '          if [ -e "$loader" ]; then',
    '            echo "Starting $loader"',
    // A program is told that it comes from there, and looks for its files there.
    '            set root="$disk,$part"',
    '            if chainloader "$loader"; then boot; fi',
    '          fi',
    '        done',
    '      fi',
    '    fi',
    '  done',
    'done',
    'set root="$local_root"',
    'if [ -z "$grub_cpu" ]; then',
    "  echo '** The stick with Linux cannot do that: use the small one, or PXE.'",
    'fi',
    `echo '** ${NO_DISK_TEXT}'`,
    '',
  ].join('\n');
}
