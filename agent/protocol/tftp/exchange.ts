/** What a TFTP server is given to answer with: the shape that handlers fill and `net/tftp/server.ts` calls. */

/** What a client asks for (RFC 1350 §5, RFC 2347 §2). */
export type TftpReadRequest = {
  readonly filename: string;
  /** Lower case: `octet`, `netascii`, `mail` or what the client made up. */
  readonly mode: string;
  /** Option values by lower-case name, as they were asked. */
  readonly options: ReadonlyMap<string, string>;
};

/** Dotted IPv4 address and UDP port of who asks: the client's transfer id (RFC 1350 §4). */
export type TftpClient = { readonly address: string; readonly port: number };

/** What is sent: a file of `size` bytes, `bytes` that were made, or an error with its code (`tftpErrors`) and text. */
export type TftpAnswer =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      /** the client takes a block that came twice for two: none is sent again early */
      readonly isPatient?: true;
      /** it is sent in the smallest blocks, one after the other: who asks got no further with larger ones */
      readonly isSmall?: true;
    }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refuse'; readonly code: number; readonly message: string };

/** Finds what a client asks for. What it throws ends the request: the client is told that the server failed. */
export type TftpReadHandler = (request: TftpReadRequest, client: TftpClient) => Promise<TftpAnswer>;
