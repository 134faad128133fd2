// walt-net, and what machines are told there: addresses, names, time.
import { z } from 'zod';
import { cidr, isResolver } from './forms.ts';

/** Keys of `network`. */
export const network = z.strictObject({
  interface: z
    .string()
    .regex(/^[^\s/]{1,15}$/, 'expected the name of a network interface, at most 15 characters')
    .default('walt-net')
    .describe(
      'Interface (or bridge) that leads to the nodes. DHCP is heard and answered there only.',
    ),
  namespace: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'expected the name of a network namespace: letters, digits, dots, hyphens',
    )
    .optional()
    .describe(
      'Virtual walt-net: the server makes a network namespace of this name with bridge `interface` in it, and lives ' +
        'there. Virtual nodes alone are on it, and the network of this machine is left as it is. Without this key ' +
        '`interface` is one of this machine.',
    ),
  address: cidr
    .default('192.168.152.1/24')
    .describe('Address of the server on walt-net, with the prefix length of the network.'),
  domain: z
    .string()
    .regex(
      /^(?=.{1,190}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i,
      'expected the name of a domain, as walt or lab.example.org',
    )
    .default('walt')
    .describe('DNS domain given to the nodes. Their names in it, and no others, are found there.'),
  netsetup: z
    .enum(['LAN', 'NAT'])
    .default('LAN')
    .describe(
      'Whether devices reach other networks through the server (NAT), or walt-net alone (LAN), unless their setting ' +
        '`netsetup` says otherwise.',
    ),
  batches: z
    .boolean()
    .default(true)
    .describe(
      'Whether DHCP and TFTP take and send many packets with one call of the kernel, where this machine and installation ' +
        'can (package koffi of npm, x86-64 or arm64). With `false` each packet has a call of its own.',
    ),
});

/** Keys of `dns`. */
export const dns = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Serve the names of devices and of the server on walt-net (port 53), and ask other resolvers for all else.',
    ),
  upstream: z
    .array(
      z
        .string()
        .refine(isResolver, 'expected an address, with a port where needed, as 192.0.2.1:5353'),
    )
    .optional()
    .describe(
      'Resolvers that are asked for names of elsewhere (default: those of /etc/resolv.conf, as it is at that moment). ' +
        'With an empty list nobody is asked: such names are refused.',
    ),
});

/** Keys of `time`. */
export const time = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Tell machines on walt-net the time (SNTP, port 123).'),
  trust: z
    .enum(['auto', 'yes'])
    .default('auto')
    .describe(
      'Whether the clock of this machine is right: `auto` asks the kernel, which knows it of chrony, ntpd or ' +
        'systemd-timesyncd. While it is not right nobody is told the time.',
    ),
});

/** Keys of `dhcp`. */
export const dhcp = z.strictObject({
  mode: z
    .enum(['server', 'proxy'])
    .default('server')
    .describe(
      'Whether this server gives out the addresses of walt-net, or another DHCP server does: then only boot ' +
        'loaders are answered, and told who to boot from.',
    ),
  probe: z
    .boolean()
    .default(true)
    .describe('Ask walt-net whether an address is in use before a new device is offered it.'),
  leaseSeconds: z
    .int()
    .min(60)
    .default(86_400)
    .describe('Length of a lease in seconds. A node keeps its address for good all the same.'),
  answerIpv6: z
    .boolean()
    .default(true)
    .describe(
      'Tell machines that look for an IPv6 router that there is none: boot loaders wait many seconds for one. ' +
        'Only where this server gives out the addresses. Set it to false if walt-net has IPv6.',
    ),
});
