#!/bin/sh
# Starts a program on the Node of this machine's architecture: node/run.sh <program>.js <options>
# Lies in the archive that steps get as `node`, beside bin/linux-x64/node and bin/linux-arm64/node.
dir=${0%/*}
case $(uname -m) in
  x86_64 | amd64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *)
    echo "node/run.sh: there is no Node for $(uname -m) in this archive, only for x86_64 and aarch64" >&2
    exit 1
    ;;
esac
node=$dir/bin/linux-$arch/node
if [ ! -x "$node" ]; then
  echo "node/run.sh: $node is missing or cannot be run" >&2
  exit 1
fi
# Compiled code is kept beside this file for the next task on this node, unless somebody else says where, or nobody may write here.
if [ -z "${NODE_COMPILE_CACHE:-}" ] && [ -w "$dir" ]; then
  NODE_COMPILE_CACHE=$dir/compile-cache
  export NODE_COMPILE_CACHE
fi
# Young objects get half of V8's room: a listing of ten million keys in 225 MiB instead of 280, for the same time. All of it where they are copied:
# hundreds of requests are under way, and with less room each would count as old before its answer came (4.42 to 3.73 CPU seconds for 20,000
# copies, medians of ten runs in turn, in 153 MB instead of 167).
case $1 in
  copy-objects.js) young=16 ;;
  *) young=8 ;;
esac
# Garbage is collected by the one thread that makes it: tasks share the cores with each other, and helpers that wait for work cost a listing a twelfth
# of its processor time (1.90 to 1.75 CPU seconds a million keys, five runs in turn).
exec "$node" --single-threaded-gc "--max-semi-space-size=$young" "$@"
