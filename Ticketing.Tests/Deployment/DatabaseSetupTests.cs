using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Dapper;
using Npgsql;
using Shouldly;
using Ticketing.Auth.Users;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Deployment;

/// <summary>The jobs of a deployment, as the programs that they are, on a PostgreSQL that has just been made.</summary>
public sealed class DatabaseSetupTests(Servers servers) : IAsyncLifetime
{
    private const string Strange = """o'w n"er $HOME `id` \x %s :name ; é""";

    private static readonly string[] Services = ["tickets", "orders", "payments", "auth"];

    private TestServer postgres = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The superuser's connection string.</summary>
    private string Server => $"{postgres.ConnectionString};Database=postgres;Pooling=false";

    public async ValueTask InitializeAsync() => postgres = await TestServer.StartPostgresAsync();

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    [Fact]
    public async Task Jobs_make_and_migrate_the_databases_and_a_service_that_waits_for_them_needs_no_more_than_rows()
    {
        var passwords = Services.SelectMany(name => ((string, string)[])[($"PASSWORD_{name}", "owner"), ($"RUNTIME_PASSWORD_{name}", "runtime")])
            .ToDictionary(password => password.Item1, password => password.Item2);
        await ShouldSetUpAsync(passwords);
        // A second time, as after every new version: nothing is lost, and passwords are as given.
        await ShouldSetUpAsync(passwords);

        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:auth-db"] = Connection("auth", "auth_runtime", "runtime"),
            ["ConnectionStrings:rabbitmq"] = await servers.CreateVirtualHostAsync(),
            ["RateLimits:Enabled"] = "false",
            ["Migrations:AtStart"] = "false",
        };
        var starting = Task.Run(() => new TestService<User>(settings, TimeProvider.System, new TestUsers()), Cancellation);
        foreach (var name in Services)
        {
            starting.IsCompleted.ShouldBeFalse("nobody has migrated its database yet");
            var (exitCode, output) = await MigrateAsync(name);
            exitCode.ShouldBe(0, output);
            await ShouldHaveRowsOnlyAsync(name);
        }

        await using var auth = await starting.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        using var client = auth.Anonymous();
        using var answer = await client.PostAsJsonAsync("/api/users/signup", new { email = "a@example.com", password = "correct horse" }, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Passwords_may_hold_any_character_and_never_get_into_the_servers_log()
    {
        await ExecuteAsync(Server, "ALTER SYSTEM SET log_statement = 'all'");
        await ExecuteAsync(Server, "ALTER SYSTEM SET logging_collector = on");
        await postgres.StopAsync();
        await postgres.StartAgainAsync();
        await ShouldSetUpAsync(new() { ["PASSWORD_orders"] = Strange, ["RUNTIME_PASSWORD_orders"] = $"{Strange} r", ["PASSWORD_gift_cards"] = "secret-of-gifts" });

        await ExecuteAsync(Connection("orders", "orders", Strange), "CREATE TABLE rows (id serial)");
        await ExecuteAsync(Connection("orders", "orders_runtime", $"{Strange} r"), "INSERT INTO rows DEFAULT VALUES");
        await ExecuteAsync(Connection("gift_cards", "gift_cards", "secret-of-gifts"), "CREATE TABLE rows (id serial)");
        await using var superuser = new NpgsqlConnection(Server);
        (await superuser.QueryAsync<string>("SELECT rolname FROM pg_roles WHERE rolname LIKE '%\\_runtime'")).ShouldBe(["orders_runtime"], "one was asked for");
        var log = await superuser.QuerySingleAsync<string>("SELECT pg_read_file(pg_current_logfile())");
        log.ShouldContain("CREATE TABLE rows");
        log.ShouldNotContain("secret-of-gifts");
        log.ShouldNotContain("o''w n");
    }

    [Fact]
    public async Task An_administrator_who_is_no_superuser_can_make_them_too()
    {
        await ExecuteAsync(Server, "CREATE ROLE administrator LOGIN CREATEDB CREATEROLE PASSWORD 'a'");
        var administrator = Connection("postgres", "administrator", "a");
        for (var time = 0; time < 2; time++)
        {
            await using var script = SetupScript.Start(administrator, new() { ["PASSWORD_orders"] = "owner", ["RUNTIME_PASSWORD_orders"] = "runtime" });
            (await script.EndAsync()).ShouldBe(0, script.Output);
        }
        await ExecuteAsync(Connection("orders", "orders", "owner"), "CREATE TABLE rows (id serial)");
        await ExecuteAsync(Connection("orders", "orders_runtime", "runtime"), "INSERT INTO rows DEFAULT VALUES");
    }

    [Fact]
    public async Task Several_at_once_do_not_disturb_each_other()
    {
        var scripts = Enumerable.Range(0, 4).Select(_ => SetupScript.Start(Server, new() { ["PASSWORD_orders"] = "o", ["RUNTIME_PASSWORD_orders"] = "r" })).ToList();
        foreach (var script in scripts)
        {
            (await script.EndAsync()).ShouldBe(0, script.Output);
            script.Output.Trim().ShouldBe("The database orders and its roles are ready.");
            await script.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_tried_again_until_it_is_right()
    {
        await using var script = SetupScript.Start(new NpgsqlConnectionStringBuilder(Server) { Password = "new one" }.ConnectionString, new() { ["PASSWORD_orders"] = "o" });
        await Eventually.HoldsAsync(() => Task.FromResult(script.Output.Contains("next attempt", StringComparison.Ordinal)), "it has tried");
        script.Output.ShouldContain("password authentication failed for user \"postgres\"");
        script.HasEnded.ShouldBeFalse();

        await ExecuteAsync(Server, "ALTER ROLE postgres PASSWORD 'new one'");
        (await script.EndAsync()).ShouldBe(0, script.Output);
    }

    [Fact]
    public async Task A_server_that_is_not_up_yet_is_waited_for()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var nobody = new NpgsqlConnectionStringBuilder(Server) { Port = ((IPEndPoint)reserved.LocalEndpoint).Port };
        reserved.Stop();
        await using var script = SetupScript.Start(nobody.ConnectionString, new() { ["PASSWORD_orders"] = "o" });
        await Eventually.HoldsAsync(
            () => Task.FromResult(script.Output.Split("next attempt", StringSplitOptions.None).Length > 2), "it has tried twice");
        script.Output.ShouldContain("Connection refused");
        script.HasEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_server_refuses_for_good_ends_it()
    {
        await ExecuteAsync(Server, "CREATE ROLE nobody LOGIN PASSWORD 'n'");
        await using var script = SetupScript.Start(Connection("postgres", "nobody", "n"), new() { ["PASSWORD_orders"] = "o" });
        (await script.EndAsync()).ShouldBe(1);
        script.Output.ShouldContain("permission denied");
        script.Output.ShouldContain("The database orders cannot be made;");
    }

    [Fact]
    public async Task It_stays_where_it_was_asked_to_and_goes_when_it_is_told()
    {
        await using var script = SetupScript.Start(Server, new() { ["PASSWORD_orders"] = "o", ["KEEP_RUNNING"] = "true" });
        await Eventually.HoldsAsync(() => Task.FromResult(script.Output.Contains("ready", StringComparison.Ordinal)), "the database is ready");
        (await Task.WhenAny(script.EndAsync(), Task.Delay(TimeSpan.FromSeconds(1), Cancellation))).ShouldNotBeOfType<Task<int>>(script.Output);
        (await DeployFolder.RunAsync("kill", "-TERM", $"{script.Id}")).ExitCode.ShouldBe(0);
        (await script.EndAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("PGHOST", "", "PGHOST")]
    [InlineData("ANY", "", "PASSWORD_name")]
    [InlineData("PASSWORD_orderS", "o", "PASSWORD_orderS")]
    public async Task What_is_missing_or_wrong_is_named(string variable, string value, string named)
    {
        await using var script = SetupScript.Start(Server, new() { [variable] = value });
        (await script.EndAsync()).ShouldNotBe(0);
        script.Output.ShouldContain(named);
        script.Output.Trim().Split('\n').Length.ShouldBe(1, script.Output);
    }

    private async Task ShouldSetUpAsync(Dictionary<string, string> passwords)
    {
        await using var script = SetupScript.Start(Server, passwords);
        (await script.EndAsync()).ShouldBe(0, script.Output);
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
        foreach (var (role, password) in ((string, string)[])[($"{name}_runtime", "runtime"), (name, "owner")])
        {
            foreach (var elsewhere in (string[])[Services.First(other => other != name), "postgres", "template1"])
            {
                var entering = () => ExecuteAsync(Connection(elsewhere, role, password), "SELECT 1");
                (await Should.ThrowAsync<PostgresException>(entering)).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, $"{role} in {elsewhere}");
            }
        }
    }

    private string Connection(string database, string role, string password) => new NpgsqlConnectionStringBuilder(Server)
    {
        Database = database, Username = role, Password = password, Pooling = false,
    }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await connection.ExecuteAsync(sql);
    }

    private async Task<(int ExitCode, string Output)> MigrateAsync(string name)
    {
        var program = TestFiles.BuiltProgram($"Ticketing.{char.ToUpperInvariant(name[0])}{name[1..]}");
        var start = new ProcessStartInfo("dotnet", [program, "--migrate"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[$"ConnectionStrings__{name}-db"] = Connection(name, name, "owner");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output + await errors);
    }
}
