namespace Ticketing.ApiDefaults;

/// <summary>
/// What a text stands for in the OpenAPI document. Some values are read as text, so that a wrong one is refused like any
/// other wrong field, with all that is wrong in the request.
/// </summary>
/// <param name="type">For example <c>int</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SchemaTypeAttribute(Type type) : Attribute
{
    /// <summary>What it is, once read.</summary>
    public Type Type => type;

    /// <summary>What it means when it is left out; null if that is nothing in particular.</summary>
    public object? Default { get; init; }
}
