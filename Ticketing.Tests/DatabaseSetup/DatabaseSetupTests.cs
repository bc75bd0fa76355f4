using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Auth.Users;
using Ticketing.LocalHosting.Servers;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.LocalHosting;
using Xunit;

namespace Ticketing.Tests.DatabaseSetup;

/// <summary>The jobs of a deployment, as the programs that they are, on a PostgreSQL that has just been made.</summary>
public sealed class DatabaseSetupTests(Servers servers) : IAsyncLifetime
{
    private static readonly string[] Services = ["tickets", "orders", "payments", "auth"];

    private PostgresServer postgres = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => postgres = await PostgresServer.StartAsync(new LocalServerOptions { ThrowAway = true });

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    [Fact]
    public async Task Jobs_make_and_migrate_the_databases_and_a_service_that_waits_for_them_needs_no_more_than_rows()
    {
        await SetUpAsync();
        // A second time, as after every new version: nothing is lost, and passwords are as given.
        await SetUpAsync();

        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:auth-db"] = Connection("auth", "auth_runtime", "runtime"),
            ["ConnectionStrings:rabbitmq"] = await servers.CreateVirtualHostAsync(),
            ["RateLimits:Enabled"] = "false",
            ["Migrations:AtStart"] = "false",
        };
        var starting = Task.Run(() => new TestService<User>(settings, new TestClock(), new TestUsers()), Cancellation);
        foreach (var name in Services)
        {
            starting.IsCompleted.ShouldBeFalse("nobody has migrated its database yet");
            var program = $"Ticketing.{char.ToUpperInvariant(name[0])}{name[1..]}";
            var (exitCode, output) = await RunAsync(program, new() { [$"ConnectionStrings__{name}-db"] = Connection(name, name, "owner") }, "--migrate");
            exitCode.ShouldBe(0, output);
            await ShouldHaveRowsOnlyAsync(name);
        }

        await using var auth = await starting.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        using var client = auth.Anonymous();
        using var answer = await client.PostAsJsonAsync("/api/users/signup", new { email = "a@example.com", password = "correct horse" }, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("ConnectionStrings__postgres")]
    [InlineData("Setup__Passwords__NAME")]
    public async Task What_is_missing_is_named(string key)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__postgres"] = postgres.ConnectionString };
        if (key == "ConnectionStrings__postgres")
            settings[key] = "";
        var (exitCode, output) = await RunAsync("Ticketing.DatabaseSetup", settings);
        exitCode.ShouldNotBe(0);
        output.ShouldContain(key);
    }

    private async Task SetUpAsync()
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__postgres"] = postgres.ConnectionString };
        foreach (var name in Services)
            (settings[$"Setup__Passwords__{name}"], settings[$"Setup__RuntimePasswords__{name}"]) = ("owner", "runtime");
        var (exitCode, output) = await RunAsync("Ticketing.DatabaseSetup", settings);
        exitCode.ShouldBe(0, output);
    }

    private async Task ShouldHaveRowsOnlyAsync(string name)
    {
        await using var connection = new NpgsqlConnection(Connection(name, $"{name}_runtime", "runtime"));
        await connection.OpenAsync(Cancellation);
        var tables = (await connection.QueryAsync<string>("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).ToList();
        tables.ShouldContain("outbox");
        (await connection.QueryAsync<string>(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND NOT CASE relkind
                WHEN 'r' THEN has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                    AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')
                WHEN 'S' THEN has_sequence_privilege(oid, 'USAGE')
                ELSE true END
            """)).ShouldBeEmpty();
        foreach (var change in (string[])["CREATE TABLE mine (id int)", "DROP TABLE outbox", "TRUNCATE outbox", "ALTER TABLE outbox ADD mine int"])
        {
            (await Should.ThrowAsync<PostgresException>(() => connection.ExecuteAsync(change))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, change);
        }
        await using var elsewhere = new NpgsqlConnection(Connection(Services.First(other => other != name), $"{name}_runtime", "runtime"));
        (await Should.ThrowAsync<PostgresException>(() => elsewhere.OpenAsync(Cancellation))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private string Connection(string database, string role, string password) => new NpgsqlConnectionStringBuilder(postgres.ConnectionString)
    {
        Database = database, Username = role, Password = password, Pooling = false,
    }.ConnectionString;

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [TestApplication.BuiltProgram(program), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output + await errors);
    }
}
