# What run.sh and test.sh share; to be sourced at the root of the repository.

# Nothing is reported to anybody, and no compiler or build server is left running behind our back.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

fail() { printf '%s\n' "$@" >&2; exit 1; }

require_dotnet() {
    # In this directory dotnet obeys global.json and says itself which versions it found instead.
    command -v dotnet > /dev/null && dotnet --version > /dev/null ||
        fail 'The .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0'
}

# Whether a Debian package's programs are there, however they came.
installed() {
    case $1 in
        postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || command -v initdb > /dev/null ;;
        nodejs) command -v node > /dev/null ;;
        rabbitmq-server) [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] ;;
        *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" > /dev/null ;;
    esac
}

# install_missing PACKAGE...: installs those that are not there, and asks nothing but, at a terminal, sudo's password.
install_missing() {
    local missing=() package
    for package in "$@"; do installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get > /dev/null ||
        fail "Not installed: ${missing[*]}" 'There is no apt-get here: install PostgreSQL (15 or newer), Redis (7), RabbitMQ (3.10 or newer)' \
            'and, for the tests, Chromium and Node.js (18 or newer) with the means of this system.'
    echo "Installing ${missing[*]} ..."
    if [ "$(id -u)" = 0 ]; then
        sh eng/apt-install.sh "${missing[@]}"
    elif sudo -n true 2> /dev/null || { [ -t 0 ] && command -v sudo > /dev/null; }; then
        sudo sh eng/apt-install.sh "${missing[@]}"
    else
        fail 'That needs root. Run this as root, then start again:' "    apt-get install --no-install-recommends ${missing[*]}"
    fi
}

# build PROJECT: in Release, with everything that it refers to.
build() {
    dotnet build "$1" --configuration Release --nologo --verbosity quiet -consoleLoggerParameters:NoSummary
}
