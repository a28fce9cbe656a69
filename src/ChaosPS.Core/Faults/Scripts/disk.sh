# Fills a file system to the percentage, or with so many MiB.
begin() {
  open_file
  if [ "$megabytes" -gt 0 ]; then
    kilobytes=$((megabytes * 1024))
  else
    kilobytes=$(df -kP "$path" | awk -v percent="$percent" 'NR == 2 { printf "%d", ($3 + $4) * percent / 100 - $3 }')
    [ "$kilobytes" -gt 0 ] || refuse "The file system of $path is fuller than $percent % already."
  fi
  fallocate -l "${kilobytes}KiB" "/proc/$$/fd/3"
}

hold() { exec sleep infinity; }

restore() { :; }
