#!/bin/bash
# Grows the data volumes of this node while they fill: grow-volumes.sh <percent in use> <percent to grow by> <most GiB>
#
# Called every two minutes by the timer that install-grow-volumes.sh sets up. EC2 lets a volume be changed again only six hours after its last
# change, and only when that one is over: both are looked at first, so that no request is made that would be refused. The file system takes
# the new room at the next call. What was done is told to the journal (journalctl -t carillon-volumes).
set -u

readonly above=${1:?percent in use} by=${2:?percent to grow by} most=${3:?most GiB}
readonly metadata=${CARILLON_METADATA:-http://169.254.169.254}
readonly state=${CARILLON_STATE:-/var/lib/carillon-volumes}
readonly guard=$((6 * 3600))

tell() { logger -t carillon-volumes "$*"; }

fail() {
  tell "$*"
  exit 1
}

ask_metadata() { # ask_metadata <path>: version 2, with the session that main has opened
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/latest/$1"
}

full_mounts() { # lines "device type percent target" of the data volumes that are fuller than they may be
  df --output=source,fstype,pcent,target | awk -v above="$above" '
    $1 ~ "^/dev/" && $4 ~ "^/mnt[0-9]*$" { sub("%", "", $3); if ($3 + 0 >= above) print }'
}

volumes() { # lines "device volume GiB" of this instance
  aws ec2 describe-volumes --region "$region" --filters "Name=attachment.instance-id,Values=$instance" \
    --query 'Volumes[].[Attachments[0].Device,VolumeId,Size]' --output text
}

volume_of() { # volume_of <disk>: "volume GiB". NVMe disks carry the volume's id as their serial number, others the name of the attachment
  local serial
  serial=$(lsblk -dno SERIAL "$1" 2>/dev/null | tr -d ' -')
  awk -v disk="$1" -v serial="$serial" '
    { id = $2; gsub("-", "", id); device = $1; sub("^/dev/sd", "/dev/xvd", device) }
    (serial != "" && id == serial) || device == disk { print $2, $3; exit }' <<<"$list"
}

may_change() { # may_change <volume>
  local last change
  last=$(cat "$state/$1" 2>/dev/null || echo 0)
  if [ $(($(date +%s) - last)) -lt "$guard" ]; then
    return 1
  fi
  change=$(aws ec2 describe-volumes-modifications --region "$region" --filters "Name=volume-id,Values=$1" \
    --query 'VolumesModifications[0].ModificationState' --output text 2>/dev/null)
  [ "$change" != modifying ] && [ "$change" != optimizing ]
}

grow_file_system() { # grow_file_system <device> <type> <target> <disk>
  if [ "$1" != "$4" ]; then
    growpart "$4" "${1##*[!0-9]}" >/dev/null 2>&1
  fi
  case $2 in
    xfs) xfs_growfs "$3" >/dev/null 2>&1 ;;
    ext4) resize2fs "$1" >/dev/null 2>&1 ;;
    *) tell "$3 is $2, which is not grown" ;;
  esac
}

grow_volume() { # grow_volume <volume> <GiB> <target>
  local size=$(($2 + ($2 * by + 99) / 100))
  if [ "$size" -gt "$most" ]; then
    size=$most
  fi
  if [ "$size" -le "$2" ]; then
    tell "$3 ($1) has $2 GiB and may have no more than $most"
  elif aws ec2 modify-volume --region "$region" --volume-id "$1" --size "$size" >/dev/null; then
    date +%s >"$state/$1"
    tell "$3 ($1) grows from $2 to $size GiB"
  else
    tell "$3 ($1) could not be grown from $2 to $size GiB"
  fi
}

look_at() { # look_at <device> <type> <target>
  local disk found
  disk=/dev/$(lsblk -nrso NAME,TYPE "$1" 2>/dev/null | awk '$2 == "disk" { print $1; exit }')
  found=$(volume_of "$disk")
  # An instance store has no volume.
  if [ -z "$found" ]; then
    return
  fi
  grow_file_system "$1" "$2" "$3" "$disk"
  if may_change "${found% *}"; then
    grow_volume "${found% *}" "${found#* }" "$3"
  fi
}

mounts=$(full_mounts)
if [ -z "$mounts" ]; then
  exit 0
fi
mkdir -p "$state"
token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 120' "$metadata/latest/api/token") || fail 'the metadata service gives no session'
region=$(ask_metadata meta-data/placement/region) || fail 'the metadata service names no Region'
instance=$(ask_metadata meta-data/instance-id) || fail 'the metadata service names no instance'
list=$(volumes) || fail 'EC2 does not list the volumes of this instance'
while read -r device type _ target; do
  look_at "$device" "$type" "$target"
done <<<"$mounts"
