using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>What a client can do with a token that it cannot sign: read it, and bend it.</summary>
internal static class JsonWebToken
{
    /// <summary>The user's id.</summary>
    public static string Subject(string token) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!["sub"]!.GetValue<string>();

    /// <summary>Tokens made of a good one that nobody may take for good.</summary>
    public static string Forge(string token, Random random)
    {
        var parts = token.Split('.');
        return random.Next(8) switch
        {
            0 => $"{Segment("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            1 => $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA",
            2 => token[..random.Next(1, token.Length)],
            3 => token + "=",
            4 => $"{parts[0]}.{Segment($$"""{"sub":"{{Guid.NewGuid()}}","exp":99999999999}""")}.{parts[2]}",
            5 => new string('A', random.Next(1, 6000)),
            6 => $"{parts[0]}.{parts[1]}",
            _ => $"{token}.{token}",
        };
    }

    private static string Segment(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
