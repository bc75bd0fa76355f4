using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// Stands between a service and PostgreSQL and changes statements on their way, so that a test can take out a guard
/// without a switch for it in the product. Reads just enough of the frontend's protocol (version 3): first the start,
/// <c>length:int32 code:int32 …</c>, then messages, <c>type:byte length:int32 payload</c>. Only <c>P</c> (Parse:
/// <c>name\0 statement\0 …</c>) and <c>Q</c> (<c>statement\0</c>) are looked into.
/// </summary>
internal sealed class StatementProxy : IAsyncDisposable
{
    private const int ProtocolVersion3 = 3;
    private const int CancelRequest = 80877102;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<Task> links = [];
    private readonly NpgsqlConnectionStringBuilder database;
    private readonly IReadOnlyList<Mutation> mutations;
    private readonly Task accepting;
    private readonly ConcurrentQueue<IReadOnlyList<string>> heard = [];
    private int cancelled;

    public StatementProxy(string connectionString, IReadOnlyList<Mutation> mutations)
    {
        (database, this.mutations) = (new NpgsqlConnectionStringBuilder(connectionString), mutations);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The database through this proxy. Nothing is prepared, so that every execution is seen and counted.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(database.ConnectionString)
    {
        Host = IPAddress.Loopback.ToString(),
        Port = ((IPEndPoint)listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        MaxAutoPrepare = 0,
    }.ConnectionString;

    /// <summary>The round trips since the last time that this was asked, each with its statements.</summary>
    public IReadOnlyList<IReadOnlyList<string>> TakeHeard()
    {
        var taken = new List<IReadOnlyList<string>>();
        while (heard.TryDequeue(out var statements))
            taken.Add(statements);
        return taken;
    }

    /// <summary>How often a statement that was under way was to be cancelled, for which a client opens a connection.</summary>
    public int Cancelled => Volatile.Read(ref cancelled);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(links);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                links.Add(LinkAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task LinkAsync(TcpClient service)
    {
        using var server = new TcpClient();
        using (service)
        using (var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token))
        {
            try
            {
                service.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(database.Host!, database.Port, ended.Token);
                var answers = server.GetStream().CopyToAsync(service.GetStream(), ended.Token);
                var requests = ForwardAsync(new BufferedStream(service.GetStream(), 64 * 1024), server.GetStream(), ended.Token);
                await await Task.WhenAny(answers, requests);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side hung up; so does the other now.
            }
            await ended.CancelAsync();
        }
    }

    private async Task ForwardAsync(Stream service, Stream server, CancellationToken cancellationToken)
    {
        var (started, asked) = (false, new List<string>());
        while (await ReadAsync(service, started ? 5 : 8, cancellationToken) is { } head)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(started ? 1 : 0)) - (started ? 4 : 8);
            var payload = length > 0 ? await ReadAsync(service, length, cancellationToken) ?? [] : [];
            if (!started)
            {
                if (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) == CancelRequest)
                    Interlocked.Increment(ref cancelled);
                // Before the start itself the client may ask for encryption, which it then does without.
                started = BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(4)) == ProtocolVersion3;
            }
            else if (head[0] is (byte)'P' or (byte)'Q')
            {
                payload = Mutate(payload, head[0] == 'P', asked);
                BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), payload.Length + 4);
            }
            // Sync, or a query by itself: the server answers, and commits what is in no transaction.
            if (started && head[0] is (byte)'S' or (byte)'Q' && asked.Count > 0)
            {
                heard.Enqueue(asked);
                asked = [];
            }
            await server.WriteAsync((byte[])[.. head, .. payload], cancellationToken);
        }
    }

    private byte[] Mutate(byte[] payload, bool named, List<string> asked)
    {
        var start = named ? Array.IndexOf(payload, (byte)0) + 1 : 0;
        var end = Array.IndexOf(payload, (byte)0, start);
        var statement = mutations.Aggregate(
            Encoding.UTF8.GetString(payload, start, end - start), (text, mutation) => mutation.ApplyTo(text));
        asked.Add(statement);
        return [.. payload[..start], .. Encoding.UTF8.GetBytes(statement), .. payload[end..]];
    }

    /// <summary>So many bytes, or null when the service has hung up.</summary>
    private static async Task<byte[]?> ReadAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var buffer = new byte[length];
        return await stream.ReadAtLeastAsync(buffer, length, throwOnEndOfStream: false, cancellationToken) == length ? buffer : null;
    }
}
