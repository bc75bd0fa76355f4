#!/usr/bin/env bash
# Puts a backup of eng/backup.sh in the place of all databases: eng/restore.sh DIRECTORY
# The databases are those of the platform that runs on this machine, or ConnectionStrings__orders_db and the like; they and
# their roles must exist. What they hold is lost. Each is replaced as a whole, or not at all. On this machine's platform the
# services are then started anew and tell each other everything again.
set -euo pipefail
eng=$(cd "$(dirname "$0")" && pwd)
. "$eng/platform.sh"
databases=(auth tickets orders payments)

[ $# = 1 ] || fail "Usage: $0 DIRECTORY"
(cd "$1" && sha256sum --quiet -c SHA256SUMS) || fail "The backup in $1 is damaged or not whole. Nothing was restored."

for database in "${databases[@]}"; do with_database "$database" psql -Xq -c 'SELECT 1' -o /dev/null; done

# Sessions of the services would stand in the way of what is dropped. They come back at once, and wait.
alone="SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
replace() {
    {
        echo "SET client_min_messages = error; $alone \\g /dev/null"
        echo "BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
        pg_restore --no-owner --no-privileges --file=- "$2/$1.dump"
        echo "COMMIT; $alone \\g /dev/null"
    } | with_database "$1" psql -Xq -v ON_ERROR_STOP=1 -o /dev/null
}
for database in "${databases[@]}"; do
    # A session that came back in between can lead to a deadlock, which PostgreSQL ends.
    replace "$database" "$1" || replace "$database" "$1" || fail "$database could not be restored and is as it was. Try again."
    echo "Restored $database as of $(cat "$1/moment")"
done

if ! is_running; then
    echo 'Now start all services, then run each of auth, orders, tickets and payments once with --republish.'
    exit
fi

# They bring the databases up to date with this version, and forget what they knew. The AppHost starts again what ends.
services=(auth tickets orders payments expiration web)
for service in "${services[@]}"; do
    for pid in $(pids_of "$service"); do kill -TERM "$pid"; while [ -e "/proc/$pid" ]; do sleep 0.1; done; done
done
for service in "${services[@]}"; do
    aspire wait "$service" --status healthy --timeout 120 > /dev/null || fail "$service does not come up again; see the dashboard."
done
for service in auth tickets orders payments; do aspire resource "$service" republish; done
