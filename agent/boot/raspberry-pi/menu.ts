// Option 43 as the boot loaders of Raspberry Pis want it: a PXE menu with the one entry that they look for.

const LABEL = 'Raspberry Pi Boot   ';
const PROMPT = 'PXE';

/**
 * The encapsulated options of PXE (PXE 2.1 §2.2.3), as dnsmasq sends them to such boards:
 *
 *     | 6: discovery control | 1 | 3: neither broadcast nor multicast            |
 *     | 10: prompt           | 4 | timeout 0, "PXE"                              |
 *     | 9: menu              | n | type 0 (2 bytes), length, "Raspberry Pi Boot   " |
 *     | 255: end             |
 *
 * The ROM searches all of option 43 for the label (openSUSE/netboot-rpi3b, README), and needs the three spaces behind it
 * (raspberrypi/firmware issue 941, by its maker); the EEPROM reads the menu and looks inside the entry
 * (rpi-eeprom issues 376 and 687).
 */
export const raspberryPiBoot: Uint8Array = Uint8Array.of(
  ...[6, 1, 3],
  ...[10, 1 + PROMPT.length, 0, ...latin1(PROMPT)],
  ...[9, 3 + LABEL.length, 0, 0, LABEL.length, ...latin1(LABEL)],
  255,
);

function latin1(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
