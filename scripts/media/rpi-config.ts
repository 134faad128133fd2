// config.txt of the card for Raspberry Pis, from the table of models: what the GPU firmware is told.
import { type RaspberryPi, raspberryPis, uBoots } from '../boards.ts';

/** The firmware reads no more of a line (config.txt documentation, "File format"). */
export const LONGEST_LINE = 98;

const HEAD = `# WalT: what the firmware of a Raspberry Pi starts from here. Made from scripts/boards.ts.
# https://www.raspberrypi.com/documentation/computers/config_txt.html

# Serial console on pins 8 and 10 of the header, 115200 8N1. From the 3B on this is the small
# UART, whose clock must not change: this line sees to that as well. U-Boot needs it.
enable_uart=1

# The hardware watchdog may be used; U-Boot starts it.
dtparam=watchdog=on

# Nobody watches: no rainbow, no wait.
disable_splash=1
boot_delay=0

# The fan of a PoE HAT, in thousandths of a degree. The firmware finds the HAT by itself and
# loads overlays/rpi-poe.dtbo.
dtparam=poe_fan_temp0=50000
dtparam=poe_fan_temp1=60000
dtparam=poe_fan_temp2=70000
dtparam=poe_fan_temp3=80000

# A section for each model, the newest first: firmware from before a model does not know its
# filter and reads the lines below it for any model; sections further down set that right.
# Several models read [pi1], [pi3] and [pi4].
`;

/** The text of config.txt. */
export function rpiConfig(): string {
  const sections = [...raspberryPis].reverse().map(sectionOf);
  return `${[HEAD.trimEnd(), ...new Set(sections)].join('\n\n')}\n\n[all]\n`;
}

function sectionOf({ section, uBoot }: RaspberryPi): string {
  const models = raspberryPis.filter((board) => board.section === section);
  return `# ${models.map(({ title }) => title).join(', ')}
[${section}]
arm_64bit=${uBoot === 'arm64' ? 1 : 0}
kernel=${uBoots[uBoot].file}`;
}

/** Names of files that a configuration tells the firmware to load. */
export function filesNamedIn(config: string): string[] {
  return [...config.matchAll(/^(?:kernel|start_file|fixup_file|armstub|cmdline)=(.+)$/gm)].map(
    ([, file = '']) => file,
  );
}
