using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>What came back; status 0 if the server hung up without a word.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, TimeSpan Took)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string MediaType => Headers.GetValueOrDefault("Content-Type", "").Split(';')[0];

    public bool Succeeded => Status is >= 200 and < 300;

    public bool IsRefused => Status is >= 400 and < 500;
}

/// <summary>Sends bytes and reads what comes until the server closes: a connection for each request.</summary>
internal sealed class RawClient(Uri site)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<RawAnswer> SendAsync(RawRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var watch = Stopwatch.StartNew();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(site.Host, site.Port, patience.Token);
        var stream = client.GetStream();
        using var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(request.ToBytes(site), patience.Token);
            // The rest of a body that was promised will not come.
            if (request.SentBody is not null)
                client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException)
        {
            // Reset by the server: what it said before that counts.
        }
        return Parse(received.ToArray(), watch.Elapsed);
    }

    private static RawAnswer Parse(byte[] bytes, TimeSpan took)
    {
        while (true)
        {
            var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
            var lines = end < 0 ? [] : Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
            if (lines.Length == 0 || lines[0].Split(' ') is not [_, var code, ..]
                || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            {
                return new(0, new Dictionary<string, string>(), bytes, took);
            }
            bytes = bytes[(end + 4)..];
            // "100 Continue" comes before the answer.
            if (status < 200)
                continue;
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var parts in lines.Skip(1).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2))
                headers[parts[0]] = parts[1].Trim();
            var chunked = headers.GetValueOrDefault("Transfer-Encoding") == "chunked";
            return new(status, headers, chunked ? Unchunk(bytes) : bytes, took);
        }
    }

    // "5\r\nhello\r\n0\r\n\r\n"
    private static byte[] Unchunk(ReadOnlySpan<byte> bytes)
    {
        var body = new List<byte>(bytes.Length);
        while (bytes.IndexOf("\r\n"u8) is var end and > 0
            && int.TryParse(bytes[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length)
            && length > 0 && bytes.Length >= end + 2 + length + 2)
        {
            body.AddRange(bytes.Slice(end + 2, length));
            bytes = bytes[(end + 2 + length + 2)..];
        }
        return [.. body];
    }
}
