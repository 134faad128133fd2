// All media, in the order in which the help shows them.
import { coral } from './coral.ts';
import type { Medium } from './medium.ts';
import { pcUsb } from './pc-usb.ts';
import { pcUsbLinux } from './pc-usb-linux.ts';
import { pxe } from './pxe.ts';
import { rpi } from './rpi.ts';

export const media: readonly Medium[] = [pcUsb, pcUsbLinux, rpi, pxe, coral];
