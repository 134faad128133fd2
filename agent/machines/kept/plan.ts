// What a virtual machine of the server is to be. It gets this hardware when it is powered on, and keeps it until it is
// powered off.

/** A disk: how large it is when it is made, and what it holds then. */
export type DiskPlan = { readonly sizeBytes: number; readonly template: 'none' | 'ext4' | 'fat32' };

/** A network that it has a card in. The first one of a machine is walt-net. */
export type NetworkPlan = {
  readonly name: string;
  /** delay of what reaches the machine there, milliseconds */
  readonly latencyMs?: number;
  /** bandwidth of what reaches the machine there, bits per second */
  readonly bitsPerSecond?: number;
};

/** Hardware of a virtual machine. */
export type Hardware = {
  readonly memoryBytes: number;
  readonly cores: number;
  readonly firmware: 'bios' | 'uefi' | 'uefi-secure';
  readonly disks: readonly DiskPlan[];
  readonly networks: readonly NetworkPlan[];
};

/** A virtual machine as it is wanted. */
export type MachinePlan = {
  /** `aa:bb:cc:dd:ee:ff`, of its card in walt-net */
  readonly mac: string;
  /** as people call it */
  readonly name: string;
  readonly hardware: Hardware;
  /** pause before it starts by itself, together with others; by chance where nothing is said */
  readonly delaySeconds?: number;
  /** everything else on the server's machine comes first */
  readonly isInBackground?: true;
};

/** Whether two machines have the same hardware. */
export function isSameHardware(one: Hardware, other: Hardware): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
