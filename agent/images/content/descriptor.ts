/** What a manifest says of a part (OCI image specification 1.0, descriptor); `size` in bytes. */
export type Descriptor = {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** Of one image (OCI image specification 1.0, manifest), as far as it is needed here; layers lowest first. */
export type Manifest = {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
};
