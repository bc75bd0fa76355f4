using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ticketing.ServiceDefaults;

/// <summary>Tells OpenAPI what the platform's own JSON converters read and write; it cannot see into them.</summary>
internal static class JsonSchemas
{
    public static void Apply(OpenApiOptions options)
    {
        options.AddSchemaTransformer(DescribeAsync);
        options.CreateSchemaReferenceId = type =>
            IsOptional(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
    }

    private static async Task DescribeAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (IsOptional(type))
        {
            var value = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, cancellationToken);
            (schema.Type, schema.Format, schema.Pattern) = (value.Type, value.Format, value.Pattern);
            return;
        }

        var plain = Nullable.GetUnderlyingType(type);
        var nothing = plain is null ? 0 : JsonSchemaType.Null;
        if ((plain ?? type) == typeof(decimal))
            (schema.Type, schema.Format) = (JsonSchemaType.Number | JsonSchemaType.String | nothing, null);
        else if ((plain ?? type) == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String | nothing, "date-time");
    }

    private static bool IsOptional(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
}
