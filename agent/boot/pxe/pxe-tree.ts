// The files of the PXE tree, as firmware and what it starts ask for them: by TFTP at the root, by HTTP below /pxe too.

/** Nothing else is served from the folder, whatever lies there. */
export const pxeFiles: readonly string[] = [
  'undionly.kpxe',
  'pc.ipxe',
  'autoexec.ipxe',
  'ipxe.efi',
  'snponly.efi',
  'shimx64.efi',
  'grubx64.efi',
  'bootia32.efi',
  'shimaa64.efi',
  'grubaa64.efi',
  'grub/grub.cfg',
];

const HTTP_FOLDER = 'pxe/';

/**
 * The file of the tree that `path` names; undefined for another path. shim puts a slash or two before `grubx64.efi`,
 * and one that came by HTTP looks beside itself.
 */
export function pxeFileOf(path: string): string | undefined {
  const relative = path.replace(/^\/+/, '');
  const name = relative.startsWith(HTTP_FOLDER) ? relative.slice(HTTP_FOLDER.length) : relative;
  return pxeFiles.find((file) => file === name.replace(/^\/+/, ''));
}

const IPXE_PROGRAMS = ['undionly.kpxe', 'ipxe.efi', 'snponly.efi'];

/** Whether `path` names an iPXE of the tree. */
export function isIpxe(path: string): boolean {
  return IPXE_PROGRAMS.includes(pxeFileOf(path) ?? '');
}
