#!/usr/bin/env bash
# Backs up all databases into a new directory, at one moment for all of them: eng/backup.sh DIRECTORY
# The databases are those of the platform that runs on this machine, or ConnectionStrings__orders_db and the like.
#
# One moment: every change of state writes to its database's outbox. While all outboxes are locked against writing (some
# 100 ms), a snapshot of each database is taken; then writers go on, and the dumps are made from the snapshots. So no
# service's copy of another's data is newer than the original, and "republish" brings every copy up to date.
set -euo pipefail
. "$(dirname "$0")/platform.sh"
databases=(auth tickets orders payments)

[ $# = 1 ] || fail "Usage: $0 DIRECTORY"
for database in "${databases[@]}"; do with_database "$database" psql -Xq -c 'SELECT 1' -o /dev/null; done
umask 077
mkdir -p "$1"
[ -z "$(ls -A "$1")" ] || fail "$1 is not empty."
target=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'for session in ${sessions[*]-}; do exec {session}>&-; done; rm -rf "$work"' EXIT

# Two sessions for each database: one holds the lock, one the snapshot. Statements go to a pipe, answers to a file.
declare -A pipe
sessions=()
open_session() {
    local name=$1 to
    mkfifo "$work/$name"
    : > "$work/$name.out"
    with_database "${name%.*}" psql -XqAt -v ON_ERROR_STOP=1 < "$work/$name" > "$work/$name.out" 2> "$work/$name.err" &
    exec {to}> "$work/$name"
    pipe[$name]=$to sessions+=("$to")
}
ask() { printf '%s\n' "$2" >&"${pipe[$1]}"; }
answer() {
    local line tries
    for ((tries = 0; tries < 600; tries++)); do
        line=$(tail -1 "$work/$1.out")
        if [ -n "$line" ]; then printf '%s\n' "$line"; return; fi
        if [ -s "$work/$1.err" ]; then break; fi
        sleep 0.05
    done
    fail "The database ${1%.*} did not answer: $(cat "$work/$1.err")" "Nothing was backed up. Try again."
}

for database in "${databases[@]}"; do
    for role in lock snapshot; do open_session "$database.$role"; ask "$database.$role" "SET client_min_messages = error; SET lock_timeout = '10s';"; done
done
for database in "${databases[@]}"; do ask "$database.lock" "BEGIN; LOCK TABLE outbox IN SHARE MODE; SELECT 'locked';"; done
for database in "${databases[@]}"; do answer "$database.lock" > /dev/null; done
moment=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
for database in "${databases[@]}"; do
    ask "$database.snapshot" "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();"
done
declare -A snapshot
for database in "${databases[@]}"; do snapshot[$database]=$(answer "$database.snapshot"); done
for database in "${databases[@]}"; do ask "$database.lock" 'ROLLBACK;'; done

for database in "${databases[@]}"; do
    with_database "$database" pg_dump --format=custom --no-owner --no-privileges --snapshot="${snapshot[$database]}" --file="$target/$database.dump"
done
printf '%s\n' "$moment" > "$target/moment"
(cd "$target" && sha256sum -- *.dump > SHA256SUMS)
echo "Backed up ${databases[*]} as of $moment into $target ($(du -sh "$target" | cut -f1))"
