#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test and ends with the line "N passed, N failed, N skipped".
# Arguments go to the test program, e.g. ./test.sh -class Ticketing.Tests.Orders.PlaceOrderTests
set -uo pipefail
cd "$(dirname "$0")"
. eng/prerequisites.sh

require_dotnet
install_missing postgresql redis-server rabbitmq-server chromium-headless-shell nodejs npm || exit 1
build Ticketing.sln || exit 1

mkdir -p TestResults
results=TestResults/tests.xml log=TestResults/tests.log
rm -f "$results"
# The tests start some 60 short-lived services, and those spend a third of their processor time on compiling methods again, for
# speed that nobody is there to have. This leaves methods as they are compiled first.
export DOTNET_TC_CallCounting=0
# The program that xunit builds, not `dotnet test`: it says what it is doing while it does it.
dotnet Ticketing.Tests/bin/Release/net10.0/Ticketing.Tests.dll -noLogo -noColor -maxThreads 2 -longRunning 60 -xml "$results" "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# <assembly … total="5" passed="4" failed="1" skipped="0" … errors="0">
count() { grep -o "<assembly [^>]*" "$results" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' || echo 0; }
passed=$(count passed) failed=$(($(count failed) + $(count errors))) skipped=$(count skipped)
if [ "$status" -eq 0 ] && { [ "$failed" -ne 0 ] || [ "$passed" -eq 0 ]; }; then status=1; fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
# Some figures for who runs everything. They only tell: nothing depends on them, nor on whether they could be taken.
if [ $# -eq 0 ]; then
    unset DOTNET_TC_CallCounting
    timeout --signal=INT --kill-after=30 60 dotnet Ticketing.Benchmarks/bin/Release/net10.0/Ticketing.Benchmarks.dll short 2> TestResults/benchmark.log ||
        echo 'Benchmark: not taken (TestResults/benchmark.log)'
fi
# The services' warnings come in between, so what failed is said again where it is looked for.
if [ "$status" -ne 0 ]; then
    echo 'Failed:'
    awk '/\[FAIL\]$/ { show = 40 } !/^    / { show = 0 } show-- > 0' "$log"
    echo 'Failed, by name:'
    grep -o 'Ticketing\.Tests\..* \[FAIL\]$' "$log" | sort
    echo 'Took a minute or longer:'
    sed -n "s/.*\[Long Running Test\] '\(.*\)', Elapsed: \(.*\)/\2 \1/p" "$log" | sort -k2 -k1,1r | sort -u -k2
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
