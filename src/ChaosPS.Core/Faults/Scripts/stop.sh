# Ends a fault, or finds out how it has ended by itself. It may be run any number of times.
set -eu
directory=/run/chaosps
unit="chaosps-$fault_id.service"
worker="$directory/$fault_id.sh"

found=nothing
[ ! -e "$directory/$fault_id.end" ] || found=ended
! systemctl --quiet is-active "$unit" || found=running
systemctl stop "$unit" 2>/dev/null || : # one that is not there is no error; systemd runs what undoes the fault
if [ -e "$worker" ]; then
  # The undo has not come to its end: once more, and its failure is this script's.
  [ "$found" != nothing ] || found=left
  /bin/sh "$worker" restore
fi
if systemctl --quiet is-active "$unit"; then
  echo "$unit does not stop." >&2
  exit 1
fi
end=$(cat "$directory/$fault_id.end" 2>/dev/null || :)
echo "chaosps id=$fault_id state=over found=$found${end:+ $end}"
rm -f -- "$directory/$fault_id".*
