using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ticketing.Payments;

/// <summary>
/// Checks <c>Stripe-Signature: t=1492774577,v1=5257a869…,v1=6ffbb59b…,v0=…</c>: one of the v1 values must be the
/// HMAC-SHA256 of the time, a dot and the raw body (https://docs.stripe.com/webhooks#verify-manually). There are several
/// while the secret is being changed.
/// </summary>
internal static class StripeSignature
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Null when the signature is good, else what is wrong with it.</summary>
    public static string? Check(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(header))
            return "There is no Stripe-Signature header.";
        long? timestamp = null;
        List<string> signatures = [];
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim()) : ("", "");
            if (name is "t" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                timestamp = seconds;
            else if (name is "v1")
                signatures.Add(value);
        }

        if (timestamp is null || signatures.Count == 0)
            return "The Stripe-Signature header has no time or no v1 signature.";
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp.Value.ToString(CultureInfo.InvariantCulture) + "."), .. body];
        var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
        if (!signatures.Exists(signature => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected)))
            return "No signature fits the body.";
        return Math.Abs(now.ToUnixTimeSeconds() - timestamp.Value) > Tolerance.TotalSeconds
            ? "The signature is more than 5 minutes off."
            : null;
    }
}
