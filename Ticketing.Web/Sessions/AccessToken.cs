using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Ticketing.Web.Sessions;

/// <summary>The one thing that Web reads in an access token without verifying it: when it ends.</summary>
internal static class AccessToken
{
    /// <summary>
    /// When the token says that it ends (RFC 7519, <c>exp</c>), or null if it is no token. Unverified: good for
    /// deciding whether to renew, never for deciding who somebody is.
    /// </summary>
    public static DateTimeOffset? EndOf(string token)
    {
        var segments = token.Split('.');
        if (segments.Length != 3)
            return null;
        try
        {
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(segments[1]));
            return payload.RootElement.ValueKind == JsonValueKind.Object
                && payload.RootElement.TryGetProperty("exp", out var exp) && exp.ValueKind == JsonValueKind.Number
                && exp.TryGetInt64(out var seconds) && seconds is > 0 and < 253402300800
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or DecoderFallbackException)
        {
            return null;
        }
    }
}
