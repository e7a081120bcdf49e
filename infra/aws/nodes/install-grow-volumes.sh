#!/bin/bash
# Bootstrap action: brings grow-volumes.sh to this node and has it called every two minutes.
#   install-grow-volumes.sh <s3://… of grow-volumes.sh> <percent in use> <percent to grow by> <most GiB>
# A node whose volumes can't grow works all the same: whatever fails here is told, and the cluster starts.
set -u

readonly script=${1:?place of grow-volumes.sh} above=${2:?percent in use} by=${3:?percent to grow by} most=${4:?most GiB}
readonly root=${CARILLON_ROOT:-}
readonly program=/usr/local/sbin/carillon-grow-volumes

give_up() {
  echo "volumes of this node will not grow: $*" >&2
  exit 0
}

for number in "$above" "$by" "$most"; do
  case $number in
    '' | *[!0-9]*) give_up "$number is no number" ;;
  esac
done

brought=$(mktemp)
trap 'rm -f "$brought"' EXIT
aws s3 cp --quiet "$script" "$brought" || give_up "$script cannot be read"
sudo install -D -m 0755 "$brought" "$root$program" || give_up "$program cannot be written"

write_unit() { # write_unit <file>: from standard input
  sudo tee "$root/etc/systemd/system/$1" >/dev/null || give_up "$1 cannot be written"
}

sudo mkdir -p "$root/etc/systemd/system"
write_unit carillon-grow-volumes.service <<UNIT
[Unit]
Description=Grow the data volumes of this node while they fill

[Service]
Type=oneshot
ExecStart=$program $above $by $most
UNIT
write_unit carillon-grow-volumes.timer <<UNIT
[Unit]
Description=Every two minutes

[Timer]
OnBootSec=2min
OnUnitInactiveSec=2min

[Install]
WantedBy=timers.target
UNIT
sudo systemctl daemon-reload || give_up 'systemd does not see the timer'
sudo systemctl enable --now --quiet carillon-grow-volumes.timer || give_up 'the timer cannot be started'
echo "volumes grow by $by % above $above %, up to $most GiB"
