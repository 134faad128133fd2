// What U-Boot gets in place of an image's start script where the node is to start from its own disk: U-Boot then does what it would do
// without us, but for the network.
import { LOCAL_TEXT, NO_DISK_TEXT } from './words.ts';

/** Seconds until the board begins anew. */
const PAUSE = 5;

/** What is no disk: the network, and what QEMU itself is given to start. */
const NO_DISKS = ['dhcp', 'pxe', 'qfw'];

/** The text of the script, for `source`. */
export function localUBootScript(): string {
  const isDisk = NO_DISKS.map((name) => `test \${walt_target} != ${name}`).join(' && ');
  return [
    `echo "${LOCAL_TEXT}"`,
    // A medium that took the place of the board's own boot script kept it (boot-artifacts/coral).
    `if test -n "\${walt_local}"; then`,
    '  setenv boot_local yes',
    // The disk has a boot script that asks the server again.
    `elif test x\${walt_tried} = xyes; then`,
    `  echo "** ${NO_DISK_TEXT}"`,
    `  sleep ${PAUSE}`,
    '  reset',
    'else',
    '  setenv walt_tried yes',
    // A system that was not made for WalT need not take over the watchdog.
    `  if test -n "\${watchdog_stop}"; then run watchdog_stop; fi`,
    '  setenv walt_targets',
    `  for walt_target in \${boot_targets}; do`,
    `    if ${isDisk}; then setenv walt_targets "\${walt_targets} \${walt_target}"; fi`,
    '  done',
    `  setenv boot_targets "\${walt_targets}"`,
    `  if test -n "\${distro_bootcmd}"; then run distro_bootcmd; else bootflow scan -b; fi`,
    `  echo "** ${NO_DISK_TEXT}"`,
    `  sleep ${PAUSE}`,
    '  reset',
    'fi',
    '',
  ].join('\n');
}
