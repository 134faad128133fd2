// A registry of the configuration, as the files here need it.

/** A registry of the configuration that is no folder; `credentials` and `ca` are paths of files. */
export type RemoteRegistry = {
  readonly name: string;
  /** `host`, `host:port` or `host/path` */
  readonly address: string;
  readonly credentials?: string | undefined;
  readonly ca?: string | undefined;
  readonly http: boolean;
  readonly mirrors: readonly string[];
};
