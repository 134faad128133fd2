// All media, in the order in which the help shows them.
import { coral } from './coral.ts';
import type { Medium } from './medium.ts';
import { pcUsb } from './pc-usb.ts';
import { pxe } from './pxe.ts';

export const media: readonly Medium[] = [pcUsb, pxe, coral];
