# Opens a file in the file system of $path and takes its name away: its room is free again as soon as nobody holds it open,
# also when the machine loses power.
open_file() {
  [ -d "$path" ] || path=$(dirname "$path")
  [ -d "$path" ] || refuse "There is no directory $path."
  file=$(mktemp "$path/.chaosps.XXXXXX")
  exec 3<>"$file"
  rm -f -- "$file"
}
