// Which events others may follow by the API.
import type { ServerEvent } from '../event.ts';

/** A kind that is new has to say so. `signal` comes again as `boot`, with what it meant. */
const IS_TOLD: Readonly<Record<ServerEvent['kind'], boolean>> = {
  ...{ 'device-changed': true, 'new-device': true, 'new-node': true, renamed: true },
  ...{ 'no-image': true, placed: true, 'switch-recognised': true, forgotten: true },
  ...{ 'passers-by-forgotten': true, boot: true, 'boots-fail': true, healing: true },
  ...{
    'healing-paused': true,
    'healing-held': true,
    'image-chosen': true,
    'local-start-chosen': true,
  },
  ...{ configured: true, 'machine-made': true, 'machine-removed': true, 'machine-said': true },
  ...{ 'reboot-asked': true, 'power-asked': true, 'power-output': true, 'power-saved': true },
  ...{ 'port-mended': true, entered: true, 'call-made': true, 'login-refused': true },
  ...{ 'double-boot': true, 'address-declined': true, 'no-address-left': true },
  ...{ 'address-conflict': true, 'false-answers': true, 'other-dhcp-server': true },
  ...{ 'new-mac': true, 'refused-file': true, 'start-trouble': true, 'image-warning': true },
  ...{
    'image-ready': true,
    'hot-pack': true,
    'image-step': true,
    'image-failed': true,
    'clock-set': true,
  },
  ...{ disk: true, problem: true, 'limit-reached': true },
  ...{ signal: false, ignored: false },
};

/** Types of events that can be followed. */
export const TOLD_KINDS = (Object.keys(IS_TOLD) as ServerEvent['kind'][]).filter(
  (kind) => IS_TOLD[kind],
);
