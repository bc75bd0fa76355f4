#!/bin/sh
# Makes each service's database and the roles that use it, or brings them into this state: it can run at any time and as often
# as one likes, also while the services run. A server that is not up yet is waited for.
#   PGHOST, PGPORT, PGUSER, PGPASSWORD   the server, and its superuser or a role that may create databases and roles
#   PASSWORD_name                        the password of the role that owns the database "name"; one for each database
#   RUNTIME_PASSWORD_name                the password of the role that reads and writes its rows and changes nothing else,
#                                        where a job of its own migrates the database
#   KEEP_RUNNING=true                    stay when all is done, for platforms that start again whatever ends
set -eu
# A shell that is a container's first process would ignore these signals.
trap 'exit 1' TERM INT
cd "$(dirname "$0")"
# Debian keeps psql of several versions beside their servers; the newest is found first.
for programs in /usr/lib/postgresql/*/bin; do PATH=$programs:$PATH; done
export PGDATABASE=postgres PGCONNECT_TIMEOUT=10

: "${PGHOST:?is missing: the server}" "${PGUSER:?is missing: the role that makes databases}"
names=$(env | sed -n 's/^PASSWORD_\([a-z][^=]*\)=.*/\1/p')
[ -n "$names" ] || { echo 'There is no PASSWORD_name: the databases to make, each with the password of its owner.' >&2; exit 1; }

for name in $names; do
    case $name in *[!a-z0-9_]*) echo "PASSWORD_$name: the name of a database has only the letters a to z, digits and _." >&2; exit 1 ;; esac
    # psql reads the passwords from its environment: every user of the machine can see a command line.
    eval "OWNER_PASSWORD=\$PASSWORD_$name RUNTIME_PASSWORD=\${RUNTIME_PASSWORD_$name:-}"
    export OWNER_PASSWORD RUNTIME_PASSWORD
    [ -n "$RUNTIME_PASSWORD" ] || unset RUNTIME_PASSWORD

    refusals=0
    until psql --no-psqlrc --quiet --no-password --output=/dev/null --set=name="$name" --file=database.sql; do
        # 2: there is no connection (not up yet, or a wrong password), which may change. Whatever else a server refuses ten
        # times it will not do the eleventh time either, such as making roles for somebody who may not.
        [ $? -eq 2 ] || refusals=$((refusals + 1))
        [ $refusals -lt 10 ] || { echo "The database $name cannot be made; psql says above why." >&2; exit 1; }
        echo "The database $name cannot be made yet; psql says above why. The next attempt is in 2 s." >&2
        sleep 2
    done
    echo "The database $name and its roles are ready."
done

if [ "${KEEP_RUNNING:-}" = true ]; then
    trap 'kill $!; exit 0' TERM INT
    while true; do sleep 3600 & wait $!; done
fi
