using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>
/// A field of a partial update: left out (keep what there is), or given (<c>null</c> included, which clears it).
/// </summary>
/// <typeparam name="T">The field's type; nullable if it can be cleared.</typeparam>
/// <param name="Value">What was given; meaningless unless <see cref="IsGiven"/>.</param>
[JsonConverter(typeof(OptionalConverterFactory))]
public readonly record struct Optional<T>(T? Value)
{
    /// <summary>Whether the field was in the request at all.</summary>
    public bool IsGiven { get; init; } = true;

    /// <summary>The given value, or the present one if the field was left out.</summary>
    /// <param name="present">What the thing has now.</param>
    public T? Or(T? present) => IsGiven ? Value : present;
}

/// <summary>Makes the converter of each <see cref="Optional{T}"/>.</summary>
internal sealed class OptionalConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(
            typeof(OptionalConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class OptionalConverter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
