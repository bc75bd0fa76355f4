using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>Telemetry as JSON shows it.</summary>
internal static class TelemetryText
{
    public static string Hex(this UInt128 traceId) => traceId.ToString("x32");

    public static string Hex(this ulong spanId) => spanId.ToString("x16");

    /// <summary>Milliseconds since 1970, as JavaScript counts.</summary>
    public static double Milliseconds(this long nanoseconds) => nanoseconds / 1_000_000d;

    public static IEnumerable<string[]> Pairs(this IReadOnlyList<TelemetryAttribute> attributes) =>
        attributes.Select(attribute => (string[])[attribute.Key, attribute.Value]);

    public static bool Mention(this IReadOnlyList<TelemetryAttribute> attributes, string text)
    {
        // Without an enumerator: this is asked for every attribute of every span that is kept.
        for (var i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Value.Has(text) || attributes[i].Key.Has(text))
                return true;
        }

        return false;
    }

    public static bool Has(this string value, string text) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
}
