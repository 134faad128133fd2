// What a console says of a node that starts from its own disk. Without apostrophes and brackets: the U-Boot of a Coral Dev Board takes
// them for syntax, in quotes too.

/** Said before a disk is tried. */
export const LOCAL_TEXT = 'This node is to start from its own disk: boot-local';

/** Said when no disk could be started. */
export const NO_DISK_TEXT = 'No system on a disk of this machine could be started; retrying';
