#!/usr/bin/env bash
# Runs a command of one of the services of the platform that runs on this machine, with that service's settings:
#   eng/service.sh orders --republish
#   eng/service.sh payments --requeue-errors
# The settings come from the running process; no secret is written to a file or a command line.
set -euo pipefail
. "$(dirname "$0")/platform.sh"

[ $# -ge 2 ] || fail "Usage: $0 SERVICE COMMAND; $0 SERVICE --help shows its commands"
service=$1; shift
pid=$(pids_of "$service" | head -1)
[ -n "$pid" ] || fail "The service $service does not run."

read_settings "$pid"
mapfile -d '' -t program < "/proc/$pid/cmdline"
cd "/proc/$pid/cwd"
exec "${program[@]}" "$@"
