using Npgsql;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class TransientFailureTests
{
    [Theory]
    [InlineData("08006")] // connection failure
    [InlineData("25006")] // a standby
    [InlineData("28000")] // the role may not log in
    [InlineData("28P01")] // another password
    [InlineData("3D000")] // the database is not there, or not yet again
    [InlineData("40P01")] // deadlock
    [InlineData("53300")] // too many connections
    [InlineData("55P03")] // lock not available
    [InlineData("57014")] // took too long
    [InlineData("57P01")] // shut down
    [InlineData("57P03")] // starting up
    public void What_the_server_is_to_blame_for_passes(string state) => TransientFailure.Is(Postgres(state)).ShouldBeTrue();

    [Theory]
    [InlineData("22001")] // too long
    [InlineData("23505")] // not unique
    [InlineData("23514")] // check
    [InlineData("42P01")] // no such table
    public void What_the_statement_is_to_blame_for_does_not(string state) => TransientFailure.Is(Postgres(state)).ShouldBeFalse();

    private static PostgresException Postgres(string state) => new("message", "ERROR", "ERROR", state);
}
