using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Ticketing.Benchmarks;

/// <summary>What became of requests that were sent when they were due, whether those before them were answered or not.</summary>
internal sealed class OpenLoad
{
    private const int Connections = 4_000;
    private const int ConnectingAtOnce = 64;
    private const int LongestAnswer = 1024 * 1024;

    private readonly ConcurrentDictionary<int, ConcurrentBag<double>> latencies = new();

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>How many a second were answered with this status.</summary>
    public double Rate(int status) => Count(status) / Seconds;

    /// <summary>How many were answered with this status.</summary>
    public int Count(int status) => latencies.TryGetValue(status, out var all) ? all.Count : 0;

    /// <summary>How many were answered with another status than these.</summary>
    public int Except(params int[] statuses) => latencies.Where(answers => !statuses.Contains(answers.Key)).Sum(answers => answers.Value.Count);

    /// <summary>The time, in milliseconds from when a request was due to its answer, within which this part of them was answered.</summary>
    public double Percentile(int status, double part) => Report.Percentile(latencies.GetValueOrDefault(status) ?? [], part);

    /// <summary>Sends so many requests a second; a request that is due while all connections wait is sent late, and counted from when it was due.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="request">Makes the request of that number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="connections">How many can wait for their answer at once.</param>
    public static Task<OpenLoad> RunAsync(
        Uri service, double rate, int seconds, Func<int, byte[]> request, CancellationToken cancellationToken, int connections = Connections) =>
        SendAsync(service, connections, request, (number, _) => number < (int)(rate * seconds) ? TimeSpan.FromSeconds(number / rate) : null, cancellationToken);

    /// <summary>Sends the next request on each connection as soon as it is answered: as many as can be.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="connections">How many.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="request">Makes the request of that number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static Task<OpenLoad> SaturateAsync(
        Uri service, int connections, int seconds, Func<int, byte[]> request, CancellationToken cancellationToken) =>
        SendAsync(service, connections, request, (_, now) => now.TotalSeconds < seconds ? now : null, cancellationToken);

    /// <summary>Sends so many requests, the next one on each connection as soon as it is answered.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="connections">How many.</param>
    /// <param name="count">How many requests.</param>
    /// <param name="request">Makes the request of that number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static Task<OpenLoad> SendAllAsync(
        Uri service, int connections, int count, Func<int, byte[]> request, CancellationToken cancellationToken) =>
        SendAsync(service, connections, request, (number, now) => number < count ? now : null, cancellationToken);

    /// <param name="service">Where to.</param>
    /// <param name="connections">How many.</param>
    /// <param name="request">Makes the request of that number.</param>
    /// <param name="due">When a request is due, by its number and the time now; null when it is over.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private static async Task<OpenLoad> SendAsync(
        Uri service, int connections, Func<int, byte[]> request, Func<int, TimeSpan, TimeSpan?> due, CancellationToken cancellationToken)
    {
        var sockets = new Socket[connections];
        try
        {
            // Before the time begins, and only some at once: more than the listener's backlog would be told to come back a second later.
            await Parallel.ForAsync(0, connections, new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken }, async (index, token) =>
            {
                sockets[index] = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await sockets[index].ConnectAsync(service.Host, service.Port, token);
            });
            var load = new OpenLoad();
            var (next, start) = (-1, Stopwatch.GetTimestamp());
            await Task.WhenAll(sockets.Select(socket => Task.Run(async () =>
            {
                var buffer = new byte[16 * 1024];
                while (true)
                {
                    var number = Interlocked.Increment(ref next);
                    if (due(number, Stopwatch.GetElapsedTime(start)) is not { } time)
                        break;
                    if (time - Stopwatch.GetElapsedTime(start) is { TotalMilliseconds: >= 1 } early)
                        await Task.Delay(early, cancellationToken);
                    await socket.SendAsync(request(number), cancellationToken);
                    (var status, buffer) = await ReadAsync(socket, buffer, cancellationToken);
                    load.latencies.GetOrAdd(status, _ => []).Add((Stopwatch.GetElapsedTime(start) - time).TotalMilliseconds);
                }
            }, cancellationToken)));
            load.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return load;
        }
        finally
        {
            foreach (var socket in sockets)
                socket?.Dispose();
        }
    }

    /// <summary>Reads an answer to its end, in a length that it tells or in chunks; gives its status, and the buffer, which may have grown.</summary>
    private static async Task<(int Status, byte[] Buffer)> ReadAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        for (var read = 0; ;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            if (count == 0)
                throw new IOException("The service hung up.");
            read += count;
            if (IsWhole(buffer.AsSpan(0, read)))
                return (int.Parse(buffer.AsSpan(9, 3), provider: null), buffer);
            if (read == LongestAnswer)
                throw new IOException($"An answer is longer than {LongestAnswer} bytes.");
            if (read == buffer.Length)
                Array.Resize(ref buffer, Math.Min(2 * read, LongestAnswer));
        }
    }

    /// <summary>Whether an HTTP/1.1 answer with a body has arrived to its end.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        return Utf8Parser.TryParse(answer[(length + 16)..], out int body, out _) && answer.Length >= head + 4 + body;
    }
}
