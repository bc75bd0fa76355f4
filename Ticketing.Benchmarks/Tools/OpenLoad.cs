using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Benchmarks;

/// <summary>What became of requests that were sent when they were due, whether those before them were answered or not.</summary>
internal sealed class OpenLoad
{
    private const int Connections = 4_000;

    private readonly ConcurrentDictionary<int, ConcurrentBag<double>> latencies = new();

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>How many a second were answered with this status.</summary>
    public double Rate(int status) => latencies.TryGetValue(status, out var all) ? all.Count / Seconds : 0;

    /// <summary>The time, in milliseconds from when a request was due to its answer, within which this part of them was answered.</summary>
    public double Percentile(int status, double part) => Report.Percentile(latencies.GetValueOrDefault(status) ?? [], part);

    /// <summary>Sends so many requests a second; a request that is due while all connections wait is sent late, and counted from when it was due.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="request">Makes the request of that number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<OpenLoad> RunAsync(
        Uri service, double rate, int seconds, Func<int, byte[]> request, CancellationToken cancellationToken)
    {
        var load = new OpenLoad();
        var (next, total, start) = (-1, (int)(rate * seconds), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var buffer = new byte[16 * 1024];
            for (var number = Interlocked.Increment(ref next); number < total; number = Interlocked.Increment(ref next))
            {
                var due = TimeSpan.FromSeconds(number / rate);
                if (due - Stopwatch.GetElapsedTime(start) is { TotalMilliseconds: >= 1 } early)
                    await Task.Delay(early, cancellationToken);
                if (!socket.Connected)
                    await socket.ConnectAsync(service.Host, service.Port, cancellationToken);
                await socket.SendAsync(request(number), cancellationToken);
                var status = await ReadAsync(socket, buffer, cancellationToken);
                load.latencies.GetOrAdd(status, _ => []).Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
            }
        }, cancellationToken)));
        load.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return load;
    }

    /// <summary>A POST of an order by the bearer of a token.</summary>
    public static byte[] Order(string token, string ticketId)
    {
        var body = $$"""{"ticketId":"{{ticketId}}","quantity":1}""";
        return Encoding.ASCII.GetBytes(
            $"POST /api/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>Reads an answer to its end, in a length that it tells or in chunks, and gives its status.</summary>
    private static async Task<int> ReadAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        for (var read = 0; ;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            if (count == 0)
                throw new IOException("The service hung up.");
            read += count;
            if (IsWhole(buffer.AsSpan(0, read)))
                return int.Parse(buffer.AsSpan(9, 3), provider: null);
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(answer[(length + 16)..], out int body, out _) && answer.Length >= head + 4 + body;
    }
}
