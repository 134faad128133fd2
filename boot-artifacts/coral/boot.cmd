# /boot/boot.scr of a Coral Dev Board: boots it from the WalT server, over and over until that works.
# For the board's own U-Boot (2017.03): no `setexpr` with patterns, no `scriptaddr`, no `wget`.
#
# Back to the board's own system, which is kept in /boot/boot.scr.orig: put a file `boot-local` beside this one
# (echo yes >/boot/boot-local), or type `setenv walt off; saveenv` at the U-Boot prompt of the serial console.

setenv walt_model coral-dev-board
test -n "${walt_storage}" || setenv walt_storage mmc
test -n "${bootdev}" || setenv bootdev 0
# Where things go, as the start script of an image expects it: the addresses that the board's own system uses.
# The start script lies below the device tree: 42 MiB are left to the kernel.
test -n "${loadaddr}" || setenv loadaddr 0x40480000
test -n "${fdt_addr}" || setenv fdt_addr 0x43000000
test -n "${initrd_addr}" || setenv initrd_addr 0x43800000
setenv kernel_addr_r ${loadaddr}
setenv fdt_addr_r ${fdt_addr}
setenv ramdisk_addr_r ${initrd_addr}
setenv walt_script_addr 0x42f00000

setenv walt_local 'ext2load ${walt_storage} ${bootdev}:1 ${walt_script_addr} boot.scr.orig && source ${walt_script_addr}'
setenv walt_start 'tftpboot ${walt_script_addr} start.uboot && source ${walt_script_addr}'

# U-Boot says that it did not find the file: nobody is to take that for a failure.
echo "WalT: looking for a file boot-local; mostly there is none"
if test x${walt} = xoff; then
	setenv boot_local yes
elif ext2load ${walt_storage} ${bootdev}:1 ${walt_script_addr} boot-local; then
	setenv boot_local yes
else
	setenv boot_local no
	setenv bootp_vci walt.node.${walt_model}
	setenv autoload no
	echo "WalT: asking for an address as ${walt_model}"
	if dhcp; then
		echo "WalT: asking ${serverip} for start.uboot"
		run walt_start || echo "WalT: start.uboot did not come, or started no system: the lines above tell why"
	else
		echo "WalT: no DHCP answer; look at the cable and the server"
	fi
fi

if test x${boot_local} = xyes; then
	echo "WalT: starting the system that is installed on the board"
	run walt_local || echo "WalT: /boot/boot.scr.orig does not start"
fi
echo "WalT: trying again in 5 seconds"
sleep 5
reset
