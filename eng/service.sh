#!/usr/bin/env bash
# Runs a command of one of the services of the platform that runs on this machine, with that service's settings:
#   eng/service.sh orders --republish
#   eng/service.sh payments --requeue-errors
# The settings come from the running process; no secret is written to a file or a command line. The dashboard tells which
# process that is: Parameters__dashboard_port, if it is not 18888.
set -euo pipefail
fail() { printf '%s\n' "$@" >&2; exit 1; }

[ $# -ge 2 ] || fail "Usage: $0 SERVICE --republish|--requeue-errors"
service=$1; shift
dashboard=http://localhost:${Parameters__dashboard_port:-18888}
resources=$(curl -sf "$dashboard/api/resources") || fail "No platform answers at $dashboard: start it with ./run.sh"
pid=$(tr '{' '\n' <<< "$resources" | sed -n "s/.*\"name\":\"$service\",.*\"pid\":\([0-9]*\).*/\1/p")
[ -n "$pid" ] || fail "The service $service does not run."

while IFS= read -r -d '' setting; do
    # A shell cannot export names with "-"; the services read "_" in its place.
    name=${setting%%=*}; name=${name//-/_}
    if [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then export "$name=${setting#*=}"; fi
done < "/proc/$pid/environ"
mapfile -d '' -t program < "/proc/$pid/cmdline"
cd "/proc/$pid/cwd"
exec "${program[@]}" "$@"
