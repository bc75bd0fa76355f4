using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ticketing.StripeSandbox.Webhooks;

/// <summary>
/// The header <c>Stripe-Signature: t=1492774577,v1=5257a869…</c>: HMAC-SHA256 over the time, a dot and the raw body
/// (https://docs.stripe.com/webhooks#verify-manually).
/// </summary>
internal static class WebhookSignature
{
    public static string Header(string body, string secret, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}"));
        return $"t={timestamp},v1={Convert.ToHexStringLower(hash)}";
    }
}
