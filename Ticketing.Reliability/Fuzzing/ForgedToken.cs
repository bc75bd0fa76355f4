using Microsoft.IdentityModel.Tokens;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>What a client can do with a token that it cannot sign: bend it.</summary>
internal static class ForgedToken
{
    /// <summary>A token made of a good one, which nobody may take for good.</summary>
    public static string Of(string token, Random random)
    {
        var parts = token.Split('.');
        return random.Next(8) switch
        {
            0 => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            1 => $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA",
            2 => token[..random.Next(1, token.Length)],
            3 => token + "=",
            4 => $"{parts[0]}.{Base64UrlEncoder.Encode($$"""{"sub":"{{Guid.NewGuid()}}","exp":99999999999}""")}.{parts[2]}",
            5 => new string('A', random.Next(1, 6000)),
            6 => $"{parts[0]}.{parts[1]}",
            _ => $"{token}.{token}",
        };
    }
}
