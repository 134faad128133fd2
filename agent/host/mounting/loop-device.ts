/**
 * A function of the shell that prints the loop device of a file, and makes it where there is none. The same file is never on two
 * devices. losetup(8) follows links once more than whoever opened the file: what it took is compared with that.
 */
export const LOOP_DEVICE = `
of() { losetup --noheadings --output NAME --associated "$1"; }
device() {
  found=$(of "$1")
  found=\${found%%"
"*}
  if [ -z "$found" ]; then
    found=$(losetup --find --show $2 "$1")
    case "
$(of "$1")
" in
      *"
$found
"*) ;;
      *)
        losetup --detach "$found"
        echo "losetup took another file than $1" >&2
        return 1 ;;
    esac
  fi
  echo "$found"
}`;
