// A session of net-snmp, for one conversation.
import snmp, { type Session } from 'net-snmp';
import type { SnmpTarget } from './access.ts';
import { guardedDatagrams } from './guarded-socket.ts';

/** How long an answer may take, and how often a question is put. */
export type Patience = {
  /** milliseconds until a question is put again, the first time */
  readonly timeout: number;
  /** how often it is put again */
  readonly retries: number;
};

/** 1 s, 1.5 s, 2.25 s: a busy switch answers within a second. */
export const PATIENCE: Patience = { timeout: 1000, retries: 2 };

/** @param onNonsense told of answers that cannot be read */
export function openSession(
  { ip, port = 161, access }: SnmpTarget,
  { timeout, retries, onNonsense }: Patience & { readonly onNonsense: (why: Error) => void },
): Session {
  const options = {
    ...{ port, timeout, retries, backoff: 1.5 },
    backwardsGetNexts: false,
    reportOidMismatchErrors: true,
    dgramModule: guardedDatagrams({ ip, port, onNonsense }),
  };
  if (access.version !== '3') {
    const version = access.version === '1' ? snmp.Version1 : snmp.Version2c;
    return snmp.createSession(ip, access.community, { ...options, version });
  }
  const { user: name, password, privacy } = access;
  const user = {
    name,
    level: of(snmp.SecurityLevel, 'authPriv'),
    authProtocol: of(snmp.AuthProtocols, 'sha256'),
    authKey: password,
    privProtocol: of(snmp.PrivProtocols, 'aes'),
    privKey: privacy,
  };
  return snmp.createV3Session(ip, user, { ...options, version: snmp.Version3 });
}

function of(table: Readonly<Record<string, number>>, key: string): number {
  const number = table[key];
  if (number === undefined) throw new TypeError(`net-snmp does not know ${key}`);
  return number;
}
