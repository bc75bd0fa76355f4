#!/usr/bin/env bash
# Installs the servers that are missing, builds, and runs the whole platform in the foreground.
#   --watch    a service whose source changes is built and started again; the others run on
#   --demo     500 listings, and people who buy some now and then
# Other arguments reach the AppHost: ./run.sh --Parameters:hold_seconds=5
set -euo pipefail
cd "$(dirname "$0")"
. eng/prerequisites.sh

arguments=()
for argument in "$@"; do
    case $argument in
        --watch) arguments+=(--Parameters:watch=on) ;;
        --demo) arguments+=(--Parameters:demo=on) ;;
        *) arguments+=("$argument") ;;
    esac
done

require_dotnet
install_missing postgresql redis-server rabbitmq-server
build Ticketing.AppHost

exec dotnet Ticketing.AppHost/bin/Release/net10.0/Ticketing.AppHost.dll "${arguments[@]}"
