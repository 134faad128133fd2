// Scripts for a POSIX shell that send and take a file or folder as a tar, on nodes and where `walt` runs.

const COMMON = `
die() { echo "$1" >&2; exit 1; }
tar=tar
command -v tar >/dev/null || tar='/bin/busybox tar'
case $1 in
/*) path=$1 ;;
*) path=./$1 ;;
esac
`;

/** Writes the file or folder `$1` as a tar to standard output. A link is sent as a link. */
export const SEND = `${COMMON}
[ -e "$path" ] || [ -L "$path" ] || die "there is no $1"
folder=\${path%/*}
exec $tar -c -C "\${folder:-/}" -f - "./\${path##*/}"
`;

/**
 * Puts the one file or folder `$2` of a tar on standard input to `$1`: into it, where that is a folder, as cp(1) does. `$3` is
 * `folder` where it has to be one. Nothing else of the archive gets anywhere, and what came in part is removed.
 */
export const TAKE = `${COMMON}
name=$2
if [ -d "$path" ]; then
	folder=$path as=$name
else
	[ "$3" != folder ] || die "$1 is no folder"
	folder=\${path%/*} as=\${path##*/}
	folder=\${folder:-/}
	[ -d "$folder" ] && [ -n "$as" ] || die "there is no folder \${folder#./}"
fi
came=$(mktemp -d "$folder/.walt-cp-XXXXXX") || exit 1
trap 'rm -rf "$came" "$came".*' EXIT
trap 'exit 1' HUP INT TERM
mkfifo "$came.end" || exit 1
tail -c 1024 <"$came.end" | tr -d '\\000' | wc -c >"$came.rest" &
{ trap '' PIPE; tee "$came.end" 2>/dev/null; } | $tar -x -o -p -C "$came" -f - || exit 1
wait
# An archive ends with 1024 bytes of zero. tar does not miss them where its sender was killed between two files.
[ "$(cat "$came.rest")" -eq 0 ] || die "it did not come whole"
[ -e "$came/$name" ] || [ -L "$came/$name" ] || die "it did not come whole"
if [ ! -d "$folder/$as" ]; then
	mv -f "$came/$name" "$folder/$as"
elif [ -d "$came/$name" ] && [ ! -L "$came/$name" ]; then
	cp -a "$came/$name/." "$folder/$as/"
else
	die "$as is a folder there, and a file here"
fi
`;
