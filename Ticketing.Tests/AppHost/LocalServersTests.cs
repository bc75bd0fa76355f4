using System.Diagnostics;
using Npgsql;
using Shouldly;
using Ticketing.AppHost.Processes;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>The servers that run from this machine's binaries.</summary>
public sealed class LocalServersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Committed_rows_are_there_after_a_kill_and_a_start_on_the_same_port()
    {
        await using var postgres = await TestServer.StartPostgresAsync();
        var database = await SetupScript.CreateDatabaseAsync(postgres.ConnectionString, "kept");
        await ScalarAsync(database, "CREATE TABLE t AS SELECT 42 AS n");
        var first = postgres.ProcessId;

        await postgres.KillAsync();
        await postgres.StartAgainAsync();

        postgres.ProcessId.ShouldNotBe(first);
        (await ScalarAsync(database, "SELECT n FROM t")).ShouldBe(42);
    }

    [Fact]
    public async Task The_broker_comes_back_after_a_kill_and_leaves_no_process_when_it_is_stopped()
    {
        await using var broker = await TestServer.StartRabbitMQAsync();
        await broker.KillAsync();
        await broker.StartAgainAsync();

        var directory = Path.Combine(broker.DataDirectory, "rabbitmq");
        var tree = ProcessIdentity.Of(broker.ProcessId)!.Value.Tree();
        tree.Count.ShouldBeGreaterThan(1);
        var portMapper = ProcessIdentity.Of(broker.ProcessOf("rabbitmq-epmd"))!.Value;

        await broker.StopAsync();

        tree.ShouldAllBe(process => !process.IsAlive);
        await Eventually.HoldsAsync(() => Task.FromResult(!portMapper.IsAlive), "the port mapper ends with it");
        ProcessesIn(directory).ShouldBeEmpty();
        Directory.EnumerateFiles(directory, "erl_crash.dump").ShouldBeEmpty();
    }

    [Fact]
    public async Task Redis_answers_only_with_its_password_and_keeps_data_over_a_kill()
    {
        await using var redis = await TestServer.StartRedisAsync();
        var password = await File.ReadAllTextAsync(Path.Combine(redis.DataDirectory, "secrets", "redis-password"), Cancellation);

        (await CliAsync(redis, password: null, "PING")).ShouldContain("NOAUTH");
        (await CliAsync(redis, password, "SET", "a", "1")).ShouldBe("OK");
        await redis.KillAsync();
        await redis.StartAgainAsync();

        (await CliAsync(redis, password, "GET", "a")).ShouldBe("1");
        foreach (var file in (string[])["secrets/redis-password", "redis/redis.conf"])
            File.GetUnixFileMode(Path.Combine(redis.DataDirectory, file)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<string> CliAsync(TestServer redis, string? password, params string[] command)
    {
        var port = redis.ConnectionString.Split(',')[0].Split(':')[1];
        var start = new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", port, .. command]) { RedirectStandardOutput = true };
        start.Environment["REDISCLI_AUTH"] = password;
        using var cli = Process.Start(start)!;
        return (await cli.StandardOutput.ReadToEndAsync(Cancellation)).Trim();
    }

    private static List<int> ProcessesIn(string directory) =>
        [.. ProcessIdentity.All().Where(process => process.IsAlive && process.WorkingDirectory == directory).Select(process => process.Pid)];
}
