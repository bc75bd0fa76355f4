using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Ticketing.Contracts;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Describes the platform's JSON as clients should write and read it: numbers are numbers (a numeric string is read, but
/// nobody need send one), what is null is left out, and what our own converters write.
/// </summary>
internal static class SchemaConventions
{
    private static readonly string[] AlwaysInProblem = ["type", "title", "status", "detail", "traceId", ProblemWriter.Errors];

    public static string? NameOf(JsonTypeInfo type) =>
        IsOptional(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    public static async Task DescribeAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal))
            (schema.Type, schema.Format) = (JsonSchemaType.Number, "decimal");
        else if (type == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        else if (IsOptional(type))
            Copy(await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, cancellationToken), schema);

        ApplyAttributes(schema, AttributesOf(context).ToList());
        if (AttributesOf(context).OfType<SchemaTypeAttribute>().FirstOrDefault() is { } real)
        {
            Copy(await context.GetOrCreateSchemaAsync(real.Type, null, cancellationToken), schema);
            schema.Default = JsonSerializer.SerializeToNode(real.Default);
        }

        if (schema.Type is { } kind && (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)))
            (schema.Type, schema.Pattern) = (kind & ~JsonSchemaType.String, null);
        if (context.JsonPropertyInfo is { } property)
            schema.Type = IsOptional(type) && CanBeCleared(property) ? schema.Type | JsonSchemaType.Null : schema.Type & ~JsonSchemaType.Null;
        foreach (var leftOut in context.JsonTypeInfo.Properties.Where(CanBeLeftOut))
            schema.Required?.Remove(leftOut.Name);

        if (type.IsAssignableTo(typeof(ProblemDetails)))
            await CompleteProblemAsync(schema, context, cancellationToken);
    }

    private static void ApplyAttributes(OpenApiSchema schema, List<Attribute> attributes)
    {
        if (attributes.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed)
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!))];
        if (attributes.OfType<EmailAddressAttribute>().Any())
            schema.Format = "email";
    }

    /// <summary>What <see cref="ProblemWriter"/> always adds.</summary>
    private static async Task CompleteProblemAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        schema.Description ??= "What went wrong (RFC 9457).";
        schema.Properties!.Remove("instance");
        schema.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Finds the request in the traces and logs." };
        context.Document!.AddComponent(nameof(ApiError), await context.GetOrCreateSchemaAsync(typeof(ApiError), null, cancellationToken));
        schema.Properties[ProblemWriter.Errors] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchemaReference(nameof(ApiError), context.Document),
        };
        schema.Required = new HashSet<string>(AlwaysInProblem);
    }

    private static void Copy(OpenApiSchema from, OpenApiSchema to) => (to.Type, to.Format, to.Pattern) = (from.Type, from.Format, from.Pattern);

    private static IEnumerable<Attribute> AttributesOf(OpenApiSchemaTransformerContext context)
    {
        var place = context.JsonPropertyInfo?.AttributeProvider
            ?? (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo;
        return place?.GetCustomAttributes(inherit: false).OfType<Attribute>() ?? [];
    }

    private static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <summary>
    /// Whether an <see cref="Optional{T}"/> takes null: unless its type, or the attribute (which the compiler writes at the
    /// setter's parameter), says that it does not.
    /// </summary>
    private static bool CanBeCleared(JsonPropertyInfo property) =>
        property.AttributeProvider is PropertyInfo { SetMethod: { } setter } declared
        && !setter.GetParameters()[0].IsDefined(typeof(DisallowNullAttribute))
        && new NullabilityInfoContext().Create(declared).GenericTypeArguments[0].ReadState == NullabilityState.Nullable;

    private static bool CanBeLeftOut(JsonPropertyInfo property) =>
        (property.IsGetNullable || IsOptional(property.PropertyType)) && property.AttributeProvider is { } declared
        && !declared.IsDefined(typeof(RequiredAttribute), inherit: false)
        && !declared.GetCustomAttributes(inherit: false).OfType<JsonIgnoreAttribute>().Any(ignore => ignore.Condition == JsonIgnoreCondition.Never);
}
