// Who may call the API, and where.
import { z } from 'zod';
import { isListenAddress } from './forms.ts';
import { openId } from './openid.ts';

/** Keys of `api`. */
export const api = z.strictObject({
  socket: z
    .string()
    .min(1)
    // A NUL ends the path of a socket, which has room for 108 bytes (unix(7), `sun_path`).
    .refine((path) => Buffer.byteLength(path) <= 107, 'a socket has a path of 107 bytes at most')
    .default('/run/walt/walt-server.sock')
    .describe('Unix socket on which the `walt` command finds the server.'),
  group: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Group whose members may use `walt`, which makes them as powerful as root there ' +
        '(default: `walt`, if this machine has such a group; else root alone).',
    ),
  listen: z
    .array(z.string().refine(isListenAddress, 'expected an address with a port, as 192.0.2.1:8443'))
    .default([])
    .describe(
      'Addresses on which other machines reach the API by HTTPS, as `192.0.2.1:8443` or `[2001:db8::1]:8443`; `0.0.0.0:8443` is ' +
        'all of IPv4. Users and tokens: `walt help show remote`.',
    ),
  onWaltNet: z
    .boolean()
    .default(false)
    .describe(
      'Whether `listen` may have addresses that nodes reach too: that of walt-net, or all.',
    ),
  legacy: z
    .boolean()
    .default(false)
    .describe(
      'Whether scripts for WalT 10 find its read-only `/api/v1/nodes`, `/api/v1/images` and `/api/v1/logs` on port 80 of walt-net. ' +
        'Whatever runs on nodes reads them too.',
    ),
  names: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9.-]{1,253}$|^[0-9A-Fa-f:]{2,45}$/, 'expected a name or an address'),
    )
    .default([])
    .describe(
      'Further names and addresses by which other machines call the server: its certificate has them beside its host name and ' +
        'the addresses of `listen`.',
    ),
  certificate: z
    .strictObject({
      cert: z
        .string()
        .startsWith('/', 'expected an absolute path')
        .describe('Certificates (PEM), that of the server first.'),
      key: z.string().startsWith('/', 'expected an absolute path').describe('Its key (PEM).'),
    })
    .optional()
    .describe(
      'A certificate of your own for `listen`. Without it the server makes an authority at its first start, and one by that.',
    ),
  oidc: openId.optional(),
});
