using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Xunit;

namespace Ticketing.Tests.Infrastructure;

/// <summary>The script that makes databases and roles, in development and where the platform is deployed: <c>deploy/database/setup.sh</c>.</summary>
internal sealed class SetupScript : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = [];
    private readonly Process process;

    private SetupScript(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has said so far.</summary>
    public string Output => string.Join('\n', lines);

    public bool HasEnded => process.HasExited;

    public int Id => process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="server">The connection string of the server and of who makes the databases.</param>
    /// <param name="environment">Its other variables.</param>
    public static SetupScript Start(string server, Dictionary<string, string> environment)
    {
        var (start, connection) = (new ProcessStartInfo("/bin/sh", [Path.Combine(TestFiles.Root, "deploy", "database", "setup.sh")]), new NpgsqlConnectionStringBuilder(server));
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        (start.Environment["PGHOST"], start.Environment["PGPORT"]) = (connection.Host, $"{connection.Port}");
        (start.Environment["PGUSER"], start.Environment["PGPASSWORD"]) = (connection.Username, connection.Password);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new SetupScript(start);
    }

    /// <summary>Makes one database and the role that owns it, and gives the owner's connection string.</summary>
    /// <param name="server">The connection string of the server and of who makes the database.</param>
    /// <param name="name">The database, and its owner.</param>
    public static async Task<string> CreateDatabaseAsync(string server, string name)
    {
        var password = Guid.NewGuid().ToString("N");
        await using var script = Start(server, new() { [$"PASSWORD_{name}"] = password });
        return await script.EndAsync() == 0
            ? new NpgsqlConnectionStringBuilder(server) { Username = name, Password = password, Database = name }.ConnectionString
            : throw new InvalidOperationException($"{name} was not made: {script.Output}");
    }

    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
