using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>A price that cannot be read; its message may be shown to the client.</summary>
public sealed class InvalidPriceException() : JsonException("A price is a number or a numeric string, e.g. 19.99.");

/// <summary>
/// Decimal amounts: written as a JSON number, read from a number or a numeric string. Never through floating point,
/// and nothing is rounded: digits that a decimal cannot hold make the value invalid.
/// </summary>
internal sealed class PriceConverter : JsonConverter<decimal>
{
    // A decimal holds 28 digits whatever they are; with sign, point and leading zero that is:
    private const int MaxLength = 28;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String) || reader.ValueIsEscaped)
            throw new InvalidPriceException();
        ReadOnlySpan<byte> utf8 = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return utf8.Length is > 0 and <= MaxLength
            && decimal.TryParse(Encoding.UTF8.GetString(utf8), style, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new InvalidPriceException();
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);
}
