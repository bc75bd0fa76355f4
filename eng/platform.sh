# How the scripts here find the platform that runs on this machine; to be sourced.
# The dashboard tells which processes there are: Parameters__dashboard_port, if it is not 18888.

fail() { printf '%s\n' "$@" >&2; exit 1; }

dashboard=http://localhost:${Parameters__dashboard_port:-18888}

# resources: one line for each, the dashboard's JSON.
resources() {
    curl -sf "$dashboard/api/resources" | tr '{' '\n' | grep '"name"' || fail "No platform answers at $dashboard: start it with ./run.sh"
}

# pids_of SERVICE: the process of each of its replicas.
pids_of() { resources | sed -n "s/.*\"name\":\"$1\(-[0-9]*\)\?\",.*\"pid\":\([0-9]*\).*/\2/p"; }

# read_settings PID: a process's environment, exported here. A shell cannot export names with "-"; the services read "_" in
# their place.
read_settings() {
    local setting name
    while IFS= read -r -d '' setting; do
        name=${setting%%=*} name=${name//-/_}
        if [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then export "$name=${setting#*=}"; fi
    done < "/proc/$1/environ"
}

# with_database NAME COMMAND...: runs a program of PostgreSQL's as the service of that name, in its database. The address is
# ConnectionStrings__NAME_db, or that of the running service. No password is ever on a command line.
with_database() (
    key=ConnectionStrings__${1}_db; shift
    if [ -z "${!key:-}" ]; then
        name=${key#ConnectionStrings__} pid=$(pids_of "${name%_db}" | head -1)
        [ -n "$pid" ] || fail "Set $key, or start the platform: the service ${name%_db} does not run."
        read_settings "$pid"
    fi
    while IFS= read -r -d ';' part; do
        case ${part%%=*} in
            Host | Server) export PGHOST=${part#*=} ;;
            Port) export PGPORT=${part#*=} ;;
            Username | 'User Id') export PGUSER=${part#*=} ;;
            Password) export PGPASSWORD=${part#*=} ;;
            Database) export PGDATABASE=${part#*=} ;;
            'SSL Mode') mode=${part#*=}; export PGSSLMODE=${mode,,} ;;
        esac
    done <<< "${!key};"
    export PGCONNECT_TIMEOUT=10
    exec "$@"
)
