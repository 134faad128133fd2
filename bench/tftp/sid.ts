/**
 * Packages of Debian sid with TFTP servers that are newer than those of a stable Debian: tftp-hpa 7.2 and dnsmasq 2.93 know windows
 * (RFC 7440). Every library that they need is of sid too, the C library among them.
 */
import type { DebianInput } from '../../scripts/inputs/input.ts';

type Package = readonly [name: string, version: string, source: string, sha256: string];

/** Of 27 November 2026; where Debian's pool has newer ones by now, its snapshot of that day has these. */
const SNAPSHOT = '20261127T120000Z';

const PACKAGES: readonly Package[] = [
  [
    'tftpd-hpa',
    '7.2+20261013-2',
    'tftp-hpa',
    '06ae65150e248705f3dd3d44496bb15fe6a9478601c948aa9012cf2b17936ea0',
  ],
  [
    'dnsmasq-base',
    '2.93-3',
    'dnsmasq',
    '8317c4c644b39250111d0e67cff88c5f51853e23b1040b9ad1ced7fb0f6e0df0',
  ],
  ['libc6', '2.43-7', 'glibc', '5c71715c51103beb4fbba9fe9f8dff604af6610dfa71c70bff342f54a7860803'],
  [
    'libdbus-1-3',
    '1.16.2-8',
    'dbus',
    'fde27a2a5fb7f18c3332a548cfe3d670922cef175b98f5a33f0d16d7dcfd2049',
  ],
  [
    'libgmp10',
    '2:6.3.0+dfsg-5+b2',
    'gmp',
    '032743c787f0e1e644e4dcfbdb38f01be8cb150cb9633f8be5e79aba6938f349',
  ],
  [
    'libhogweed6t64',
    '3.10.2-1+b1',
    'nettle',
    'd5872392a9d3b9b6e06f3dbd07a3f954346226d9fa2f318c4a3b5732b060fc44',
  ],
  [
    'libidn2-0',
    '2.3.8-5',
    'libidn2',
    '25a38f7d9ba5bb3daf47a21ad5d348303e602f3c9037a48d621683fe87e7ce28',
  ],
  [
    'libjansson4',
    '2.15.1-1',
    'jansson',
    '024a1537ca17a8215c7b03c6e84ea961ae96d3ecce9cd1db6a5226c180568419',
  ],
  [
    'libmnl0',
    '1.0.5-3+b2',
    'libmnl',
    '5c058833d7f95cea335627f8ae48dbac38749493867ed3151113150e1612b264',
  ],
  [
    'libnetfilter-conntrack3',
    '1.1.1-1',
    'libnetfilter-conntrack',
    'c6a6a4e5182fd698bba97e33ce3185c96fad641658941a2f39892dbbe50be9bc',
  ],
  [
    'libnettle8t64',
    '3.10.2-1+b1',
    'nettle',
    '213f9f0119cd63efc2529401547bad5f6d2cea4cae5d05cffdef22f19aabb30e',
  ],
  [
    'libnfnetlink0',
    '1.0.2-3+b2',
    'libnfnetlink',
    'f5b00d0540b8f7472708dd0479dde86015908a3213e82585df1bdccd3bdbf474',
  ],
  [
    'libnftables1',
    '1.1.7-3',
    'nftables',
    'a9fe852108aa99288b9305534203869e406aedaebeb833a48a32c48e50affd75',
  ],
  [
    'libnftnl11',
    '1.3.2-1',
    'libnftnl',
    '409b62c0d383ae181e3550d0ec9279359856d98a449d8bce9983f69e1995dbc6',
  ],
  [
    'libsystemd0',
    '262.1-1',
    'systemd',
    '7fc74653ff64a71e97e0d6d7c0cbb195a62ec0d3a13a7263dd37369494dfcc42',
  ],
  [
    'libunistring5',
    '1.4.2-1',
    'libunistring',
    '509fb596f6b4de34f1d9cb5a0001abc3c6c51f4800e908ef888262ebdaaefa3b',
  ],
  [
    'libxtables12',
    '1.8.13-1',
    'iptables',
    '08ca0b50ecc24b84faf75716b4a7a279a5e5fb01d7a5c602fe3f473b6d9ffcb9',
  ],
];

export const sidPackages: readonly DebianInput[] = PACKAGES.map(
  ([name, version, source, sha256]) => ({
    kind: 'debian',
    suite: 'sid',
    source,
    package: name,
    version,
    architecture: 'amd64',
    snapshot: SNAPSHOT,
    sha256,
  }),
);
