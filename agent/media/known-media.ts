// The media that people put in machines, and which machine needs which. What is in no row is not served.

/** A medium as it ships. */
export type KnownMedium = {
  /** of its file */
  readonly name: string;
  /** one line: the machines that it is for, and how it is used */
  readonly machines: string;
  /** it is written to a whole disk, rather than unpacked */
  readonly isDisk: boolean;
};

const PIS = 'Raspberry Pi B, B+, 2B, 3B, 3B+, 4B and 400';

/** In the order in which people look for them. */
export const KNOWN_MEDIA: readonly KnownMedium[] = [
  {
    name: 'pc-usb.dd.gz',
    machines: 'PCs with BIOS or UEFI, Secure Boot on or off: a USB stick',
    isDisk: true,
  },
  {
    name: 'pc-usb-linux.dd.gz',
    machines: '64-bit PCs whose network card only Linux drives: a larger USB stick',
    isDisk: true,
  },
  {
    name: 'pxe.tar.gz',
    machines: 'PCs that boot by PXE from another server: files for that server (this one has them)',
    isDisk: false,
  },
  { name: 'rpi-sd.img.gz', machines: `${PIS}: an SD card`, isDisk: true },
  {
    name: 'rpi-sd-files.tar.gz',
    machines: `${PIS}: files for an SD card that is formatted already`,
    isDisk: false,
  },
  {
    name: 'rpi-sd-debug.img.gz',
    machines: `${PIS}: an SD card with a prompt, to see why a board does not boot`,
    isDisk: true,
  },
  {
    name: 'rpi-sd-files-debug.tar.gz',
    machines: `${PIS}: files for such a card that is formatted already`,
    isDisk: false,
  },
  {
    name: 'rpi-eeprom.tar.gz',
    machines: 'Raspberry Pi 4B and 400: files for a card that switches the board to network boot',
    isDisk: false,
  },
  {
    name: 'coral-devb-boot.tar.gz',
    machines: 'Google Coral Dev Board: files for /boot of its own system',
    isDisk: false,
  },
];
