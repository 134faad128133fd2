// What the server does for nodes by itself, and whom it tells.
import { z } from 'zod';

/** Keys of `power`. */
export const power = z.strictObject({
  command: z
    .string()
    .startsWith('/', 'expected an absolute path')
    .optional()
    .describe(
      'Program that switches the power of nodes whose setting `power.driver` is `command`. It is run as root, as ' +
        '`PROGRAM on|off|cycle|status NAME MAC IP ARGUMENT…`; the arguments are the words of setting `power.argument`. ' +
        'Status 0 means that it is done. With `status` it prints `on` or `off`.',
    ),
  commandSeconds: z
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('The program is ended after so many seconds, which counts as a failure.'),
  offAfterMinutes: z
    .int()
    .min(0)
    .max(525_600)
    .default(0)
    .describe(
      'A free node that is up and that nobody has used for so many minutes is switched off, where its power driver can turn it on ' +
        'again; it is woken when somebody wants it. 0: never. WalT 10 had 120.',
    ),
});

/** Keys of `boot`. */
export const boot = z.strictObject({
  heal: z
    .enum(['off', 'soft', 'on'])
    .default('on')
    .describe(
      'How nodes that do not come up are helped, unless their setting `boot.heal` says otherwise: not at all, by anything ' +
        'but their power, or by their power too, where a power driver can switch it.',
    ),
});

/** Keys of `events`. */
export const events = z.strictObject({
  webhook: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' })
        .optional()
        .describe(
          'Where the server tells of nodes: a POST of JSON with `event`, `node`, `text` and `at` (microseconds since 1970). It is ' +
            'sent 5 times at most; redirects are not followed. Without it nobody is told.',
        ),
      of: z
        .array(z.enum(['quarantine', 'stays-down', 'healed', 'paused']))
        .default(['quarantine', 'stays-down'])
        .describe(
          'What it is told of: nodes that are left in quarantine, that stay down, that are up again after they were helped; and that ' +
            'no node is helped for now (`paused`).',
        ),
    })
    .prefault({}),
});
