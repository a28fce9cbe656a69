# Takes memory until the percentage of the machine's is in use, leaving 50 MiB in any case. 'tail' holds it: it keeps a line
# until it has read its end, and this one has none.
begin() {
  kilobytes=$(awk -v percent="$percent" '
    $1 == "MemTotal:" { total = $2 }
    $1 == "MemAvailable:" { available = $2 }
    END { left = total * (100 - percent) / 100; if (left < 51200) left = 51200; printf "%d", available - left }
  ' /proc/meminfo)
  [ "$kilobytes" -gt 0 ] || refuse "More than $percent % of the memory is in use already."
  {
    head -c "$((kilobytes * 1024))" /dev/zero
    : >"$directory/$fault_id.filled"
    exec sleep infinity
  } | tail >/dev/null &
  until [ -e "$directory/$fault_id.filled" ]; do
    kill -0 $! 2>/dev/null || refuse 'The memory could not be had.'
    sleep 0.1
  done
}

hold() { wait; }

restore() { rm -f -- "$directory/$fault_id.filled"; }
