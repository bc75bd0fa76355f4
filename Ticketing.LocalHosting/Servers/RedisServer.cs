using System.Net.Sockets;
using System.Text;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Servers;

/// <summary>A private Redis that writes every change to its append-only file.</summary>
public sealed class RedisServer : LocalServer
{
    private RedisServer(LocalServerOptions options)
        : base("redis", "Redis", options)
    {
    }

    /// <inheritdoc/>
    public override string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    /// <summary>Starts a server and waits until it serves.</summary>
    /// <exception cref="LocalHostingException">Redis is not installed, or did not start.</exception>
    public static Task<RedisServer> StartAsync(
        LocalServerOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(() => new RedisServer(options ?? new()), cancellationToken);

    // RESP: "+OK" to AUTH and "+PONG" to PING; "-LOADING" instead while the append-only file is read.
    private protected override async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
        await using var stream = client.GetStream();
        var length = Encoding.UTF8.GetByteCount(Password);
        var commands = $"*2\r\n$4\r\nAUTH\r\n${length}\r\n{Password}\r\n*1\r\n$4\r\nPING\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(commands), cancellationToken);
        using var reader = new StreamReader(stream);
        if (await reader.ReadLineAsync(cancellationToken) is { } answer && answer.StartsWith("-WRONGPASS", StringComparison.Ordinal))
            throw new LocalHostingException($"The Redis on port {Port} has another password: it is not the one that was started here.");
        return await reader.ReadLineAsync(cancellationToken) == "+PONG";
    }

    private protected override Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        // A file, since every user of the machine can read a command line.
        var configuration = PathOf("redis.conf");
        var quoted = Password.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        SecretFile.Write(configuration, $"""
            bind 127.0.0.1
            port {Port}
            requirepass "{quoted}"
            dir "{DataDirectory}"
            appendonly yes
            save ""
            databases 128

            """);
        return Task.FromResult(new ProcessSpec(Programs.Redis(), configuration) { WorkingDirectory = DataDirectory });
    }
}
