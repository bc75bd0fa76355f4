# How the scripts here find the platform that runs on this machine; to be sourced. The AppHost tells which processes there are,
# through the aspire command (a tool of this repository: dotnet tool restore).

fail() { printf '%s\n' "$@" >&2; exit 1; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 ASPIRE_CLI_TELEMETRY_OPTOUT=true
apphost=$(cd "$(dirname "${BASH_SOURCE[0]}")/../Ticketing.AppHost" && pwd)/Ticketing.AppHost.csproj

# aspire COMMAND...: the aspire command, on this clone's AppHost.
aspire() (
    cd "$(dirname "$apphost")"
    dotnet tool restore > /dev/null || fail 'The aspire command could not be installed: dotnet tool restore'
    dotnet aspire "$@" --apphost "$apphost" --nologo --non-interactive < /dev/null
)

# resources: what runs, as the JSON of aspire describe; nothing if no platform runs.
resources() { aspire describe --format json 2> /dev/null; }

# pids_of SERVICE: the process of each of its replicas.
pids_of() {
    resources | awk -v name="$1" -F'"' '
        /^      "displayName"/ { current = $4 }
        $2 == "executable.pid" && current == name { gsub(/[^0-9]/, "", $3); print $3 }'
}

# is_running: whether a platform runs on this machine.
is_running() { [ -n "$(pids_of web)" ]; }

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
