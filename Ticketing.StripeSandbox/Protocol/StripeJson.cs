using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>Stripe's way of writing: snake_case, nulls shown, ids with a prefix that tells their kind.</summary>
internal static class StripeJson
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // As Stripe does it: an apostrophe stays an apostrophe. Nothing of this is ever put into HTML unescaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    public static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), Options)!;

    /// <summary>A fresh id, e.g. <c>pi_</c> and 24 letters and digits.</summary>
    public static string NewId(string prefix) => $"{prefix}_{RandomNumberGenerator.GetString(Alphabet, 24)}";

    /// <summary>A page of a list.</summary>
    public static object List(string url, IReadOnlyList<object> data, bool hasMore) =>
        new { @object = "list", data, has_more = hasMore, url };
}
