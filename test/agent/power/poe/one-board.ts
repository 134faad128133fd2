// One board at one emulated switch, for tests of the driver `poe`.
import { openSwitchLab, SERVER } from './switch-lab.ts';

/** A switch. */
export const SW = '02:5e:00:00:00:01';
/** A board behind it. */
export const PI = 'b8:27:eb:00:00:01';
/** Another board. */
export const OTHER = 'b8:27:eb:00:00:02';

/** A switch with the server behind port 1 and a board behind port 7. */
export async function oneBoard(
  t: Parameters<typeof openSwitchLab>[0],
  { onOff, ...options }: Parameters<typeof openSwitchLab>[1] & { onOff?: () => void } = {},
) {
  const lab = await openSwitchLab(t, options);
  const events: string[] = [];
  const sw = await lab.addSwitch({
    ...{ mac: SW, name: 'sw-1', portCount: 8 },
    onPower: (port, isOn) => {
      events.push(`${port} ${isOn ? 'on' : 'off'}`);
      if (!isOn) onOff?.();
    },
  });
  lab.add({ mac: PI, name: 'rpi-1' });
  lab.add({ mac: OTHER, name: 'rpi-2' });
  sw.portOf(1).stations.add(SERVER);
  const port = sw.portOf(7);
  port.stations.add(PI);
  if (port.poe) port.poe.hasLoad = true;
  return { ...lab, sw, port, events };
}
