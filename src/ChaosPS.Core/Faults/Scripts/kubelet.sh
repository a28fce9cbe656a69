# Stops the kubelet: containers go on, and nobody tells the cluster of them. It starts again also when stopping it failed half-way.
begin() {
  systemctl --quiet is-active kubelet.service || refuse 'No kubelet runs on this machine.'
  : >"$directory/$fault_id.kubelet"
  systemctl stop kubelet.service
}

hold() { exec sleep infinity; }

restore() {
  [ -e "$directory/$fault_id.kubelet" ] || return 0
  systemctl start kubelet.service
  rm -f -- "$directory/$fault_id.kubelet"
}
