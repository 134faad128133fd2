// The table of power drivers, and which of them a device has.
import type { Device } from '../devices/device.ts';
import { settingsOf } from '../settings/settings-of.ts';
import { type CommandOptions, command } from './command.ts';
import type { PowerDriver, PowerTarget } from './driver.ts';
import { ipmi } from './ipmi.ts';
import { none } from './none.ts';
import { snmpPdu } from './snmp-pdu.ts';
import { type Machines, vm } from './vm.ts';
import { wakeOnLan } from './wake-on-lan.ts';
import { http, type WebOptions } from './web/http.ts';
import { pdudaemon } from './web/pdudaemon.ts';
import { redfish } from './web/redfish.ts';

type Options = {
  readonly command: Omit<CommandOptions, 'cycles'>;
  readonly machines: Machines;
  readonly poe: PowerDriver;
  readonly secretOf: WebOptions['secretOf'];
  readonly cycles: WebOptions['cycles'];
  readonly walt: Parameters<typeof wakeOnLan>[0];
};

/** The drivers by their names: those that setting `power.driver` may have, and `vm`, which virtual nodes have. */
export function powerDrivers(options: Options) {
  return {
    vm: vm(options.machines),
    none,
    command: command({ ...options.command, cycles: options.cycles }),
    poe: options.poe,
    ipmi: ipmi(options),
    redfish: redfish(options),
    'snmp-pdu': snmpPdu(options),
    http: http(options),
    pdudaemon: pdudaemon(options),
    'wake-on-lan': wakeOnLan(options.walt),
  } satisfies Record<string, PowerDriver>;
}

/** All drivers. */
export type PowerDrivers = ReturnType<typeof powerDrivers>;

/** The name of the driver that switches the power of a device. */
export function driverNameOf(device: Pick<Device, 'machine' | 'settings'>): keyof PowerDrivers {
  return device.machine === undefined ? settingsOf(device)['power.driver'] : 'vm';
}

/** The device as drivers are told of it. */
export function targetOf(device: Device): PowerTarget {
  const { name, mac, ip } = device;
  return { name, mac, ip, words: settingsOf(device)['power.argument'] };
}
