#!/bin/sh
# Starts workerd for Miniflare, which has it outlive a parent that is killed. This shell becomes workerd; a watcher ends it when its parent is gone.
parent=$PPID
(
  exec <&- >/dev/null 2>&1 3>&-
  while kill -0 "$parent" && kill -0 "$$"; do sleep 1; done
  kill -9 "$$"
) &
exec "$HEYI_WORKERD" "$@"
