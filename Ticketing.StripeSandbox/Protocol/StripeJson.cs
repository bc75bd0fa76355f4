using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>Stripe's way of writing: snake_case, nulls shown.</summary>
internal static class StripeJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // As Stripe does it: an apostrophe stays an apostrophe. Nothing of this is put into HTML unescaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions WithoutNulls = new(Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    /// <summary>Without nulls, as Stripe writes errors.</summary>
    public static string WriteShort(object value) => JsonSerializer.Serialize(value, value.GetType(), WithoutNulls);
}
