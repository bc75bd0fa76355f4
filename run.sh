#!/usr/bin/env bash
# Installs the servers that are missing, builds, and runs the whole platform in the foreground. Arguments reach the AppHost:
#   ./run.sh --Parameters:hold_seconds=5
set -euo pipefail
cd "$(dirname "$0")"
. eng/prerequisites.sh

require_dotnet
install_missing postgresql redis-server rabbitmq-server
build Ticketing.AppHost

exec dotnet Ticketing.AppHost/bin/Release/net10.0/Ticketing.AppHost.dll "$@"
