# Begins a fault. It is a unit of systemd, which ends it when its time is up and then runs what undoes it, whatever becomes
# of this script, of the call that brought it, or of the network. When the machine boots nothing is left of it.
set -eu
directory=/run/chaosps
unit="chaosps-$fault_id.service"
worker="$directory/$fault_id.sh"

# Says why, and that nothing of the fault is left. When something is, the last line is not said: nobody takes the fault for over then.
give_up() {
  echo "$1" >&2
  systemctl stop "$unit" 2>/dev/null || :
  [ ! -e "$worker" ] || /bin/sh "$worker" restore
  ! systemctl --quiet is-active "$unit" || exit 1
  rm -f -- "$directory/$fault_id".*
  echo "chaosps id=$fault_id state=failed"
  exit 1
}

command -v systemd-run >/dev/null || give_up 'This machine has no systemd-run.'

# A call whose answer was lost is sent again, and may bring the same fault twice.
if ! systemctl --quiet is-active "$unit"; then
  mkdir -p -m 700 "$directory"
  cat >"$worker" <<'END_OF_WORKER'
@worker@
END_OF_WORKER

  # The kernel ends the fault, and not a pod, when memory runs out.
  set -- "--unit=$unit" "--description=ChaosPS fault $fault" --quiet --collect \
    "--property=RuntimeMaxSec=$seconds" --property=TimeoutStopSec=60 --property=OOMScoreAdjust=1000 \
    "--property=ExecStopPost=/bin/sh $worker restore"
  [ "$fault" != cpu ] || set -- "$@" "--property=CPUQuota=$((percent * $(nproc)))%"
  systemd-run "$@" /bin/sh "$worker" run || give_up 'systemd did not take the fault.'
fi

tries=0
until [ -e "$directory/$fault_id.ready" ]; do
  if [ "$tries" -ge 1200 ] || ! systemctl --quiet is-active "$unit"; then
    give_up "$(cat "$directory/$fault_id.log" 2>/dev/null || echo 'The fault ended as soon as it began.')"
  fi
  tries=$((tries + 1))
  sleep 0.1
done
echo "chaosps id=$fault_id state=running at=$(date +%s)"
