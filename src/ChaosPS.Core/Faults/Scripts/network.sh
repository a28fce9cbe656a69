# Delays every packet that the machine sends. The queue has a number that no other fault has: nobody else's is taken away.
handle=$(printf '%s' "$fault_id" | cksum | awk '{ printf "%x", 1 + $1 % 65534 }')

network_device() {
  ip -o -4 route show default | awk '{ for (at = 1; at < NF; at++) if ($at == "dev") { print $(at + 1); exit } }'
}

begin() {
  device=$(network_device)
  [ -n "$device" ] || refuse 'The machine has no default route.'
  tc qdisc add dev "$device" root handle "$handle:" netem limit 100000 delay "${delay}ms" "${jitter}ms"
}

hold() { exec sleep infinity; }

restore() {
  for device in $(tc qdisc show | awk -v handle="$handle:" '$2 == "netem" && $3 == handle { print $5 }'); do
    tc qdisc del dev "$device" root handle "$handle:"
  done
}
