/** What a TFTP server is given to answer with: the shape that handlers fill and `net/tftp/server.ts` calls. */

export type TftpReadRequest = {
  readonly filename: string;
  /** Lower case: `octet`, `netascii`, `mail` or what the client made up. */
  readonly mode: string;
  /** Option values by lower-case name, as they were asked. */
  readonly options: ReadonlyMap<string, string>;
};

export type TftpClient = { readonly address: string; readonly port: number };

export type TftpAnswer =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      /** the client takes a block that came twice for two: none is sent again early */
      readonly isPatient?: true;
    }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refuse'; readonly code: number; readonly message: string };

export type TftpReadHandler = (request: TftpReadRequest, client: TftpClient) => Promise<TftpAnswer>;
