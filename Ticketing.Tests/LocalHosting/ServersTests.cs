using System.Diagnostics;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Shouldly;
using Ticketing.LocalHosting.Processes;
using Ticketing.LocalHosting.Servers;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

public sealed class ServersTests
{
    private static readonly LocalServerOptions ThrowAway = new() { ThrowAway = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_role_can_enter_its_own_database_only()
    {
        await using var postgres = await PostgresServer.StartAsync(ThrowAway, Cancellation);
        var auth = await postgres.CreateDatabaseAsync("auth", cancellationToken: Cancellation);
        var orders = await postgres.CreateDatabaseAsync("orders", cancellationToken: Cancellation);

        (await ScalarAsync(auth, "CREATE TABLE users (id int); SELECT current_user")).ShouldBe("auth");
        foreach (var forbidden in (string[])["orders", "postgres", "template1"])
        {
            var foreign = new NpgsqlConnectionStringBuilder(auth) { Database = forbidden }.ConnectionString;
            (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(foreign, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }

        foreach (var forbidden in (string[])
            [
                "CREATE ROLE intruder", "CREATE DATABASE theirs", "ALTER ROLE auth SUPERUSER", "SET ROLE auth", "SET ROLE postgres",
                "COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/tmp/x'", "SELECT pg_read_file('/etc/passwd')",
                "SELECT rolpassword FROM pg_authid", "ALTER SYSTEM SET log_statement = 'all'", "CREATE EXTENSION adminpack",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
            ])
        {
            (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(orders, forbidden), forbidden)).SqlState
                .ShouldBe(PostgresErrorCodes.InsufficientPrivilege, forbidden);
        }
        // Nobody but the owner, not even for a temporary table.
        (await ScalarAsync(orders, "SELECT has_database_privilege('auth', 'orders', 'CONNECT, TEMP')")).ShouldBe(false);

        (await ScalarAsync(orders, "SELECT rolreplication OR rolbypassrls OR rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user")).ShouldBe(false);
    }

    [Fact]
    public async Task Committed_rows_are_there_after_a_kill_and_a_start_on_the_same_port()
    {
        await using var postgres = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        var database = await postgres.CreateDatabaseAsync("kept", cancellationToken: Cancellation);
        await ScalarAsync(database, "CREATE TABLE t AS SELECT 42 AS n");
        var first = postgres.ProcessId;

        await postgres.KillAsync();
        postgres.ProcessId.ShouldBeNull();
        await postgres.StartAgainAsync(Cancellation);

        postgres.ProcessId.ShouldNotBe(first);
        (await ScalarAsync(database, "SELECT n FROM t")).ShouldBe(42);
    }

    [Fact]
    public async Task The_broker_comes_back_on_its_port_after_a_kill_and_leaves_no_process()
    {
        await using var rabbitMq = await RabbitMqServer.StartAsync(new() { ThrowAway = true, Management = true }, Cancellation);
        (await rabbitMq.AddVirtualHostAsync("one", Cancellation)).ShouldBe($"{rabbitMq.ConnectionString}/one");

        await rabbitMq.KillAsync();
        (await rabbitMq.AnswersAsync(Cancellation)).ShouldBeFalse();
        await rabbitMq.StartAgainAsync(Cancellation);
        await rabbitMq.AddVirtualHostAsync("one", Cancellation);

        var tree = ProcessIdentity.Of(rabbitMq.ProcessId!.Value)!.Value.Tree();
        tree.Count.ShouldBeGreaterThan(1);
        await rabbitMq.StopAsync();
        tree.ShouldAllBe(process => !process.IsAlive);
        ProcessesIn(rabbitMq.DataDirectory).ShouldBeEmpty();
        Directory.EnumerateFiles(rabbitMq.DataDirectory, "erl_crash.dump").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_virtual_host_goes_with_its_queues()
    {
        await using var rabbitMq = await RabbitMqServer.StartAsync(new() { ThrowAway = true, Management = true }, Cancellation);
        var host = new Uri(await rabbitMq.AddVirtualHostAsync("one", Cancellation));
        (await DeclareAsync(host, passive: false)).ShouldBe("queue");
        (await DeclareAsync(host, passive: true)).ShouldBe("queue");

        await rabbitMq.RemoveVirtualHostAsync("one", Cancellation);
        await rabbitMq.RemoveVirtualHostAsync("one", Cancellation);
        await rabbitMq.AddVirtualHostAsync("one", Cancellation);
        (await Should.ThrowAsync<OperationInterruptedException>(() => DeclareAsync(host, passive: true)))
            .ShutdownReason!.ReplyCode.ShouldBe((ushort)Constants.NotFound);
    }

    [Fact]
    public async Task Redis_answers_only_with_its_password_and_keeps_data_over_a_kill()
    {
        await using var redis = await RedisServer.StartAsync(ThrowAway, Cancellation);

        (await CliAsync(redis, password: null, "PING")).ShouldContain("NOAUTH");
        var password = await File.ReadAllTextAsync(Path.Combine(redis.DataDirectory, "password"), Cancellation);
        (await CliAsync(redis, password, "SET", "a", "1")).ShouldBe("OK");
        await redis.KillAsync();
        await redis.StartAgainAsync(Cancellation);

        (await CliAsync(redis, password, "GET", "a")).ShouldBe("1");
        File.GetUnixFileMode(Path.Combine(redis.DataDirectory, "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.Combine(redis.DataDirectory, "redis.conf")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<string> CliAsync(RedisServer redis, string? password, params string[] command)
    {
        var start = new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", $"{redis.Port}", .. command]) { RedirectStandardOutput = true };
        start.Environment["REDISCLI_AUTH"] = password;
        using var cli = Process.Start(start)!;
        return (await cli.StandardOutput.ReadToEndAsync(Cancellation)).Trim();
    }

    private static List<int> ProcessesIn(string directory) =>
        [.. ProcStat.All().Where(stat => stat.State != 'Z' && new FileInfo($"/proc/{stat.Pid}/cwd").LinkTarget == directory).Select(stat => stat.Pid)];

    private static async Task<string> DeclareAsync(Uri host, bool passive)
    {
        await using var connection = await new ConnectionFactory { Uri = host }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        return (await channel.QueueDeclareAsync("queue", durable: true, exclusive: false, autoDelete: false, passive: passive, cancellationToken: Cancellation)).QueueName;
    }
}
