using System.Globalization;
using System.Text;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>An HTTP/1.1 request as bytes: what no client library would send is sent as it is.</summary>
internal sealed class RawRequest
{
    public required string Method { get; set; }

    /// <summary>Path and query; characters are bytes (Latin-1).</summary>
    public required string Target { get; set; }

    /// <summary>Names and values; characters are bytes (Latin-1).</summary>
    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[]? Body { get; set; }

    /// <summary>What of the body is really sent, where that is not what the head promises.</summary>
    public byte[]? SentBody { get; set; }

    /// <summary>
    /// Whether the request is broken below the application, as HTTP: then the server itself may answer, or hang up.
    /// </summary>
    public bool Broken { get; set; }

    /// <summary>What was done to the valid request.</summary>
    public List<string> Mutations { get; } = [];

    public byte[] ToBytes(Uri site)
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        if (!Has("Host"))
            head.Append(CultureInfo.InvariantCulture, $"Host: {site.Authority}\r\n");
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (Body is not null && !Has("Content-Length") && !Has("Transfer-Encoding"))
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        head.Append("Connection: close\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. SentBody ?? Body ?? []];
    }

    /// <summary>A line for a shell that sends the same bytes again.</summary>
    public string ToCommand(Uri site)
    {
        var bytes = ToBytes(site);
        var text = new StringBuilder("printf '%b' '");
        foreach (var b in bytes.AsSpan(0, Math.Min(bytes.Length, 4096)))
        {
            text.Append(b switch
            {
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\\' => "\\0134",
                (byte)'\'' => "\\0047",
                >= 0x20 and < 0x7f => ((char)b).ToString(),
                _ => "\\0" + Convert.ToString(b, 8).PadLeft(3, '0'),
            });
        }
        var rest = bytes.Length > 4096 ? $" # and {bytes.Length - 4096} bytes more" : "";
        return $"{text}' | nc {site.Host} {site.Port}{rest}";
    }

    public bool Has(string name) => Headers.Exists(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public void Set(string name, string value)
    {
        Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        Headers.Add((name, value));
    }
}
