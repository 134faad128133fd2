// What we use of the package net-snmp, which has no types of its own.
declare module 'net-snmp' {
  import type { Socket, SocketType } from 'node:dgram';
  import type { EventEmitter } from 'node:events';

  export type Varbind = { oid: string; type: number; value: unknown };
  export type Done<Result> = (error: Error | null, result: Result) => void;
  export type DatagramModule = { createSocket: (type: SocketType) => Socket };

  export type SessionOptions = {
    port?: number;
    retries?: number;
    /** milliseconds */
    timeout?: number;
    backoff?: number;
    version?: number;
    context?: string;
    backwardsGetNexts?: boolean;
    reportOidMismatchErrors?: boolean;
    dgramModule?: DatagramModule;
  };

  export type User = {
    name: string;
    level: number;
    authProtocol?: number;
    authKey?: string;
    privProtocol?: number;
    privKey?: string;
  };

  export interface Session extends EventEmitter {
    /** of questions from now on */
    retries: number;
    /** milliseconds, of questions from now on */
    timeout: number;
    get(oids: string[], done: Done<Varbind[]>): void;
    getNext(oids: string[], done: Done<Varbind[]>): void;
    getBulk(
      oids: string[],
      nonRepeaters: number,
      maxRepetitions: number,
      done: Done<Varbind[][]>,
    ): void;
    set(varbinds: Varbind[], done: Done<Varbind[]>): void;
    close(): void;
  }

  export type MibRequest = {
    operation: number;
    oid: string;
    setValue: unknown;
    done: (answer?: { errorStatus?: number; type?: number; value?: unknown }) => void;
  };
  export type Provider = {
    name: string;
    type: number;
    oid: string;
    scalarType?: number;
    maxAccess?: number;
    tableColumns?: { number: number; name: string; type: number; maxAccess?: number }[];
    tableIndex?: { columnNumber?: number; columnName?: string; [key: string]: unknown }[];
    handler?: (request: MibRequest) => void;
  };
  export interface Mib {
    registerProvider(provider: Provider): void;
    setScalarValue(name: string, value: unknown): void;
    addTableRow(name: string, row: unknown[]): void;
  }
  export interface Authorizer {
    addCommunity(community: string): void;
    addUser(user: User): void;
  }
  export interface Agent {
    getMib(): Mib;
    getAuthorizer(): Authorizer;
    close(done?: () => void): void;
  }

  const snmp: {
    Version1: number;
    Version2c: number;
    Version3: number;
    ObjectType: Record<string, number>;
    ErrorStatus: Record<string, number>;
    PduType: Record<string, number>;
    SecurityLevel: Record<string, number>;
    AuthProtocols: Record<string, number>;
    PrivProtocols: Record<string, number>;
    MaxAccess: Record<string, number>;
    MibProviderType: Record<string, number>;
    createSession(address: string, community: string, options: SessionOptions): Session;
    createV3Session(address: string, user: User, options: SessionOptions): Session;
    createAgent(
      options: {
        port: number;
        address?: string;
        engineID?: string;
        disableAuthorization?: boolean;
        accessControlModelType?: number;
        dgramModule?: DatagramModule;
      },
      onMessage: (error: Error | null, data: unknown) => void,
      mib?: Mib,
    ): Agent;
    isVarbindError(varbind: Varbind): boolean;
    varbindError(varbind: Varbind): string;
  };
  export default snmp;
}
