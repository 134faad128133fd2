// How the server speaks SNMP to a machine: the version, and by what it proves who it is.

/** The versions that there are. */
export const SNMP_VERSIONS = ['1', '2c', '3'] as const;

/** What proves who asks. Version 3 is SHA-256 and AES-128, and nothing weaker (RFC 7860, RFC 3826). */
export type SnmpAccess =
  | { readonly version: '1' | '2c'; readonly community: string }
  | {
      readonly version: '3';
      readonly user: string;
      /** passphrase of the authentication, 8 characters or more (RFC 3414 §11.2) */
      readonly password: string;
      /** passphrase of the encryption */
      readonly privacy: string;
    };

/** Which machine is asked, and how. */
export type SnmpTarget = {
  /** for messages */
  readonly name: string;
  /** dotted IPv4 */
  readonly ip: string;
  readonly port?: number;
  readonly access: SnmpAccess;
};
