// The network that a virtual machine is plugged into. Whoever starts the machine has made it: a lab's namespace, or the
// server's own interface.

/** What a virtual machine needs of its network. */
export type MachineNetwork = {
  /** The argument vector that runs `argv` in the network, with the same process id as the one spawned. */
  command(argv: readonly string[]): string[];
  /** Adds a tap to the network's bridge, for one card. @param tap its name, at most 15 characters */
  addTap(tap: string): Promise<void>;
  /** Takes away what `addTap()` added. */
  removeTap(tap: string): Promise<void>;
};
