// The part of our table that lets some machines of walt-net reach other networks, with the server's address there.

/** What is forwarded. Without it nothing is said of what this machine forwards. */
export type NatRules = {
  /** who may reach other networks, dotted IPv4; one at least */
  readonly addresses: readonly string[];
  /** this machine forwarded before the server made it do so: what is not of walt-net goes on as it did */
  readonly forwardedBefore: boolean;
};

/**
 * Replies come back to those who asked, and nobody else of walt-net sends anything out but replies. The connections of a device end
 * when it leaves the set. These rules track connections (`ct`), so they are there only while some device needs them.
 */
export function natText(name: string, { addresses, forwardedBefore }: NatRules): string[] {
  const others = forwardedBefore ? [] : ['    drop'];
  return [
    `  set nat { type ipv4_addr; elements = { ${addresses.join(', ')} }; }`,
    '  chain forward {',
    '    type filter hook forward priority filter - 1; policy accept;',
    `    iifname "${name}" oifname "${name}" accept`,
    `    iifname "${name}" ip saddr @nat accept`,
    `    iifname "${name}" ct state established,related ct direction reply accept`,
    `    iifname "${name}" drop`,
    `    oifname "${name}" ip daddr @nat ct state established,related accept`,
    ...others,
    '  }',
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    `    oifname != { "${name}", "lo" } ip saddr @nat masquerade`,
    '  }',
  ];
}
