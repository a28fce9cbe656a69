set -eu
directory=/run/chaosps

refuse() {
  echo "$1" >&2
  exit 1
}

@fault@

case $1 in
  run)
    exec 2>"$directory/$fault_id.log"
    begin
    : >"$directory/$fault_id.ready"
    hold
    ;;
  restore)
    restore
    echo "result=${SERVICE_RESULT:-unknown} at=$(date +%s)" >"$directory/$fault_id.end"
    rm -f -- "$directory/$fault_id.ready" "$directory/$fault_id.sh"
    ;;
esac
