// The log, and the ports of it all.
import { z } from 'zod';
import { port } from './forms.ts';

const streamPattern = z
  .string()
  .regex(/^[A-Za-z0-9._-]+\*?$/, 'expected the name of a stream, or how names begin: my.*');

/** Keys of `log`. */
export const log = z.strictObject({
  keepDays: z.int().min(1).default(90).describe('Log lines older than this many days are deleted.'),
  keepDaysOf: z
    .record(streamPattern, z.int().min(1))
    .default({})
    .describe(
      'The same for some streams, by name or by how names begin: `{ netconsole: 7, "results.*": 365 }`. The first one that fits holds.',
    ),
  maxMegabytes: z
    .int()
    .min(16)
    .default(2048)
    .describe(
      'Where the database is larger, the oldest lines that devices sent are deleted. Those of the server stay.',
    ),
  maxMegabytesOf: z
    .record(streamPattern, z.int().min(1))
    .default({})
    .describe(
      'Of some streams, by name or by how names begin, the oldest lines are deleted where those that fit have more together: `{ netconsole: 50, "results.*": 500 }`. The first one that fits holds.',
    ),
  syslog: z
    .boolean()
    .default(false)
    .describe(
      'Take messages of syslog (UDP) from nodes, as lines of their stream `syslog`: from devices that know nothing else.',
    ),
  debug: z.boolean().default(false).describe('Print each dropped packet and refused request too.'),
});

/** Keys of `ports`. */
export const ports = z.strictObject({
  tftp: port.default(69).describe('UDP port of TFTP.'),
  http: port.default(80).describe('TCP port of the boot files over HTTP.'),
  bootup: port.default(12347).describe('TCP port on which nodes say that they are booted.'),
  netconsole: port
    .default(12342)
    .describe('UDP port on which kernels of nodes say lines (netconsole).'),
  syslog: port
    .default(514)
    .describe('UDP port of syslog: what iPXE says, and all else where `log.syslog` is true.'),
  console: port
    .default(6666)
    .describe('UDP port of the consoles of boot loaders (U-Boot, EEPROM of Raspberry Pis).'),
  node: port.default(12346).describe('TCP port of the net service on the nodes.'),
});
