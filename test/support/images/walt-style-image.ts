// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE are written so
// An image in the manner of existing WalT images: scripts that call each other by HTTP or else by TFTP, shared between
// models by links, and one of them a template. Form of image.spec and names of variables: WalT's own documentation
// (image-spec.md) and images (github.com/drakkar-lig/walt-images, overlays/generic/etc/walt/image.spec).
import { BOOTABLE, type Entry } from './tar.ts';

const SPEC = `{
    # filled in by the server
    "templates": [
        "/boot/common-ipxe/server-params.ipxe",
        "/etc/ntp.conf"
    ],
    "features": { "nbfs": "/usr/bin/activate-nbfs.sh" }
}
`;

const START = `#!ipxe
set node_model pc-x86-64
chain /start-generic.ipxe
`;

const GENERIC = `#!ipxe
set nfs_root \${next-server}:/var/lib/walt/nodes/\${mac}/fs
set fs_bootargs root=/dev/nfs nfsroot=\${nfs_root},ro,vers=3,nolock,nocto
set urlprefix http://\${next-server}/boot
chain \${urlprefix}/start-generic-2.ipxe ||
echo no HTTP, trying TFTP
set urlprefix
chain \${urlprefix}/start-generic-2.ipxe || reboot
`;

/** Scripts that were called stay among iPXE's images, and would be part of the initrd. */
const SECOND = `#!ipxe
chain \${urlprefix}/server-params.ipxe
chain \${urlprefix}/boot-params.ipxe ||
set netconsole netconsole=@\${ip}/,12342@\${next-server}/\${server_mac}
imgfree
kernel \${urlprefix}/kernel || exit 1
initrd \${urlprefix}/initrd || exit 1
imgargs kernel initrd=initrd \${fs_bootargs} init=/bin/walt-init panic=15 boot=walt walt.node.model=\${node_model} \${netconsole} \${extra}
boot
`;

const link = (path: string, target: string): Entry => ({ path, type: '2', target });

export const PARAMS_TEMPLATE =
  '#!ipxe\nset server_mac %(server_mac)s\nset server_ip %(server_ip)s\n';
const NTP_TEMPLATE = 'server %(server_ip)s\n# 100%% of %(walt_image_id)s\n';

/** What makes an image one of this manner. */
export const WALT_STYLE_FILES: readonly Entry[] = [
  { path: 'boot/common-ipxe/', type: '5' },
  { path: 'boot/common-ipxe/server-params.ipxe', content: PARAMS_TEMPLATE, mode: 0o640 },
  { path: 'boot/common-ipxe/start-generic.ipxe', content: GENERIC },
  { path: 'boot/common-ipxe/start-generic-2.ipxe', content: SECOND },
  { path: 'boot/pc-x86-64/start.ipxe', content: START },
  { path: 'boot/pc-x86-64/boot-params.ipxe', content: '#!ipxe\nset extra console=ttyS0\n' },
  link('boot/pc-x86-64/start-generic.ipxe', '../common-ipxe/start-generic.ipxe'),
  link('boot/pc-x86-64/start-generic-2.ipxe', '/boot/common-ipxe/start-generic-2.ipxe'),
  link('boot/pc-x86-64/server-params.ipxe', '../common-ipxe/server-params.ipxe'),
  { path: 'etc/', type: '5' },
  { path: 'etc/ntp.conf', content: NTP_TEMPLATE, mode: 0o644 },
  { path: 'etc/walt/', type: '5' },
  { path: 'etc/walt/image.spec', content: SPEC },
];

export const WALT_STYLE: readonly Entry[] = [
  ...BOOTABLE.filter(({ path }) => path !== 'boot/pc-x86-64/start.ipxe'),
  { path: 'boot/pc-x86-64/initrd', content: 'initrd' },
  ...WALT_STYLE_FILES,
];
