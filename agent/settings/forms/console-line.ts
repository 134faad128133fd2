// A serial line of the server that a console is on: `none`, or a device file with a speed, as `/dev/ttyUSB0,115200`.
import { complaint, type Form, value } from '../setting.ts';

/** A line, and its speed in bits per second. */
export type ConsoleLine = { readonly path: string; readonly speed: number };

/** Terminals of people are no such lines: whoever may set this could read what is typed there. */
const LINES =
  /^\/dev\/(?:tty(?:S|USB|ACM|AMA|THS|mxc|O)\d{1,3}|serial\/by-(?:id|path)\/[\w.:+-]{1,128})$/;
const SPEEDS = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_500_000];
const USUAL = 115_200;

/** 8 bits, no parity, one stop bit. */
export const consoleLine: Form<ConsoleLine | undefined> = {
  text: 'none, or a serial line of the server with its speed, as /dev/ttyUSB0,115200 or /dev/serial/by-id/NAME',
  read: (text) => {
    if (text === 'none') return value(undefined);
    const [path = '', speed = String(USUAL), ...more] = text.split(',');
    if (!LINES.test(path) || more.length > 0) {
      return complaint(
        'expected none, or a serial line of the server as /dev/ttyUSB0,115200 (or ttyS, ttyACM, ttyAMA, /dev/serial/by-id/NAME)',
      );
    }
    if (!SPEEDS.includes(Number(speed))) {
      return complaint(`no speed '${speed}', expected one of ${SPEEDS.join(', ')}`);
    }
    return value({ path, speed: Number(speed) });
  },
};
