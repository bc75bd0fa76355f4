using System.Globalization;
using System.Text;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>Does things to a valid request.</summary>
internal static class Mutator
{
    private static readonly string[] ContentTypes =
    [
        "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=bogus", "application/json; charset=utf-7",
        "application/json;;;", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "*/*", "json", "application/merge-patch+json", "\u00ff",
    ];

    private static readonly string[] Methods = ["PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "FOO", "DELETE", "PUT", "POST", "GET"];

    /// <summary>Headers that change how a request is read, or who sent it.</summary>
    private static readonly (string Name, string[] Values)[] Headers =
    [
        ("X-HTTP-Method-Override", ["DELETE", "PUT"]), ("X-Original-URL", ["/internal/orders"]), ("X-Forwarded-For", ["127.0.0.1", "::1", "a, b"]),
        ("X-Forwarded-Host", ["evil.example"]), ("X-Forwarded-Proto", ["https", "gopher"]), ("Forwarded", ["for=127.0.0.1"]),
        ("Accept", ["", "text/html", "application/xml", "image/*;q=2", "\u00ff"]), ("Accept-Encoding", ["gzip", "br;q=x", "*"]),
        ("Content-Encoding", ["gzip", "br", "bogus"]), ("Expect", ["100-continue", "200-ok"]), ("Range", ["bytes=0-1", "bytes=5-1"]),
        ("If-None-Match", ["*", "\"x\""]), ("traceparent", ["00-0-0-0", "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff", "\u00ff"]),
        ("tracestate", [new string('a', 600)]), ("baggage", ["a=b", "=", new string('a', 5_000)]), ("Cookie", ["session=x", "session=%00", "session", "=;=;", "refresh=%0d%0a", new string('c', 6_000)]),
        ("Upgrade", ["websocket", "h2c"]), ("Origin", ["null", "http://evil.example", "\u00ff"]), ("Connection", ["Authorization", "Host, X-Forwarded-For"]),
        ("Idempotency-Key", ["", " ", "\u00ff", "a,b", new string('k', 255), new string('k', 256), "'; DROP TABLE orders; --"]),
        ("Stripe-Signature", ["", "t=,v1=", "t=99999999999999999999,v1=00", "t=1,v1=zz", "v1", "t=1,t=2,v1=a,v1=b"]),
    ];

    public static void Mutate(RawRequest request, List<(string Name, string Json)>? fields, Random random)
    {
        for (var count = random.Next(10) == 0 ? 0 : random.Next(1, 4); count > 0; count--)
        {
            switch (random.Next(fields is null ? 5 : 10))
            {
                case 0:
                    MutatePath(request, random);
                    break;
                case 1:
                    MutateQuery(request, random);
                    break;
                case 2 or 3:
                    MutateHeader(request, random);
                    break;
                case 4:
                    if (random.Next(4) == 0)
                        Note(request, $"method {request.Method = Strange.Pick(random, Methods)}");
                    break;
                default:
                    MutateField(request, fields!, random);
                    break;
            }
        }
        if (fields is null)
            return;
        request.Body = RequestMaker.Write(fields);
        if (random.Next(5) == 0)
            MutateBody(request, random);
    }

    private static void MutatePath(RawRequest request, Random random)
    {
        var path = request.Target.Split('?')[0];
        var query = request.Target[path.Length..];
        var id = Strange.Id(random);
        path = random.Next(6) switch
        {
            0 => path + "/" + id,
            1 => path + "/",
            2 => path.Replace("/api/", "/api//", StringComparison.Ordinal),
            3 => path.ToUpperInvariant(),
            // In place of the last part, which is the id where there is one.
            _ => path[..(path.LastIndexOf('/') + 1)] + id,
        };
        request.Target = path + query;
        Note(request, "path");
    }

    private static void MutateQuery(RawRequest request, Random random)
    {
        var name = Strange.Pick(random, ["limit", "cursor", "seller", "q", "all", "id", "$filter", ""]);
        var value = Strange.Escape(Strange.Text(random), random);
        request.Target += (request.Target.Contains('?', StringComparison.Ordinal) ? "&" : "?") + $"{name}={value}";
        Note(request, $"query {name}");
    }

    private static void MutateHeader(RawRequest request, Random random)
    {
        if (random.Next(4) == 0)
        {
            request.Set("Content-Type", Strange.Pick(random, ContentTypes));
            Note(request, "content type");
            return;
        }
        var (name, values) = Strange.Pick(random, Headers);
        request.Headers.Add((name, Strange.Pick(random, values)));
        Note(request, name);
        // The server itself refuses what is no HTTP.
        request.Broken |= name is "Expect" or "Upgrade" || request.Headers.Any(header => header.Value.Contains('\u00ff', StringComparison.Ordinal));
    }

    private static void MutateField(RawRequest request, List<(string Name, string Json)> fields, Random random)
    {
        if (fields.Count == 0 || random.Next(8) == 0)
        {
            fields.Add((Strange.Pick(random, ["id", "userId", "version", "status", "__proto__", "$type", "a", ""]), Strange.JsonValue(random)));
            Note(request, "more fields");
            return;
        }
        var at = random.Next(fields.Count);
        var (name, json) = fields[at];
        Note(request, $"field {name}");
        switch (random.Next(8))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Add((name, Strange.JsonValue(random)));
                break;
            case 2:
                fields[at] = (name.ToUpperInvariant(), json);
                break;
            case 3:
                fields[at] = (name, $"\"{Strange.Text(random)}\"");
                break;
            default:
                fields[at] = (name, Strange.JsonValue(random));
                break;
        }
    }

    private static void MutateBody(RawRequest request, Random random)
    {
        var body = request.Body!;
        switch (random.Next(14))
        {
            case 0:
                request.Body = body[..random.Next(body.Length)];
                break;
            case 1:
                request.Body = [.. body, .. Encoding.Latin1.GetBytes(Strange.Text(random))];
                break;
            case 2:
                request.Body = Encoding.Latin1.GetBytes(Strange.JsonValue(random));
                break;
            case 3:
                request.Body = [0xef, 0xbb, 0xbf, .. body];
                break;
            case 4:
                request.Body = Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(body));
                break;
            case 5:
                request.Body = [.. body[..^1], (byte)',', (byte)'}'];
                break;
            case 6:
                request.Body = [.. new byte[random.Next(1, 70_000)].Select(_ => (byte)' '), .. body];
                break;
            case 7:
                request.Body = [];
                break;
            case 8:
                body = [.. body];
                body[random.Next(body.Length)] = (byte)random.Next(256);
                request.Body = body;
                break;
            default:
                MutateFraming(request, body, random);
                break;
        }
        Note(request, "body");
    }

    /// <summary>Breaks what says where the body ends.</summary>
    private static void MutateFraming(RawRequest request, byte[] body, Random random)
    {
        request.Broken = true;
        var text = Encoding.Latin1.GetString(body);
        var size = body.Length.ToString("x", CultureInfo.InvariantCulture);
        string[] chunked =
        [
            $"{size}\r\n{text}\r\n0\r\n\r\n", $"{size};ext=\"a\"\r\n{text}\r\n0\r\n\r\n", $"{size}\n{text}\n0\n\n", $"0x{size}\r\n{text}\r\n0\r\n\r\n",
            $"-{size}\r\n{text}\r\n0\r\n\r\n", $"fffffffffffffffff\r\n{text}", $"{size}\r\n{text}", $"{size}\r\n{text}0\r\n\r\n",
            $"0\r\n\r\nGET /internal/orders HTTP/1.1\r\nHost: a\r\n\r\n", $"{size}\r\n{text}\r\n0\r\nX-Trailer: 1\r\n\r\n", "\r\n", "zz\r\n",
        ];
        switch (random.Next(4))
        {
            case 0:
                request.Set("Content-Length", Strange.Pick(random, [$"{body.Length + 10}", "-1", "+1", "1,1", "99999999999999999999", "0x10", "", "a"]));
                break;
            case 1:
                request.Headers.Add(("Content-Length", $"{body.Length}"));
                request.Headers.Add(("Content-Length", $"{Math.Max(0, body.Length - 1)}"));
                break;
            case 2:
                request.Headers.Add(("Content-Length", $"{body.Length}"));
                goto default;
            default:
                request.Headers.Add(("Transfer-Encoding", Strange.Pick(random,
                    ["chunked", "chunked", "chunked", "Chunked", "xchunked", "chunked, identity", "identity", "gzip, chunked", " chunked", "\u000bchunked"])));
                body = Encoding.Latin1.GetBytes(Strange.Pick(random, chunked));
                break;
        }
        request.Body = body;
        request.SentBody = body;
    }

    private static void Note(RawRequest request, string what) => request.Mutations.Add(what);
}
