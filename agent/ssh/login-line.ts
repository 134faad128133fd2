// How root of the server calls ssh(1) for a node by hand: a line of a shell, shown over the login prompt of the node. Pure.

type Way = {
  /** the server's private key */
  readonly keyFile: string;
  /** the network namespace that walt-net is in, as `ip netns` has it; undefined for the network of the machine */
  readonly namespace: string | undefined;
};

/** Nodes of a walt-net in a namespace of its own are reached from there alone. */
export function loginLine({ ip }: { readonly ip: string }, { keyFile, namespace }: Way): string {
  const inside = namespace === undefined ? '' : `ip netns exec ${namespace} `;
  return `${inside}ssh -i ${keyFile} root@${ip}`;
}
