// What to do about reasons for which ganesha or what leads to it does not start, as they are told in containers.

const REMEDIES: readonly { readonly reason: RegExp; readonly remedy: string }[] = [
  {
    // overlayfs is the root file system of containers.
    reason: /Could not get handle for path .*not supported/,
    remedy:
      'the disk of the folder `state` gives no file handles: put it on another one, in a container on a volume',
  },
  {
    // open_by_handle_at(2)
    reason: /Could not get handle for path .*not permitted/,
    remedy: 'it needs the capability CAP_DAC_READ_SEARCH',
  },
  {
    reason: /^(mount|unshare): /,
    remedy:
      'the NFS server has mounts of its own, which need the capability CAP_SYS_ADMIN; or link /etc/mtab to /proc/self/mounts and start rpcbind yourself',
  },
];

/** The reason, and what to do about it where that is known. */
export function withRemedy(reason: string): string {
  const known = REMEDIES.find((each) => each.reason.test(reason));
  return known === undefined ? reason : `${reason.replace(/\.$/, '')}. What to do: ${known.remedy}`;
}
