using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Ticketing.ApiDefaults;

/// <summary>
/// What is the same in every service's OpenAPI document. Each service calls <c>AddOpenApi</c> itself: the generator that adds
/// doc comments to the document sees those of the project that calls it.
/// </summary>
internal static class OpenApiConventions
{
    /// <summary>The security scheme of the header <c>Authorization</c>.</summary>
    public const string Bearer = "bearer";

    /// <summary>The security scheme of the cookie.</summary>
    public const string Session = SessionCookies.Session;

    public static void AddOpenApiConventions(this IServiceCollection services) => services.ConfigureAll<OpenApiOptions>(options =>
    {
        var isIncluded = options.ShouldInclude;
        // HEAD is GET without its body.
        options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head && isIncluded(description);
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(OperationConventions.DescribeAsync);
        options.AddSchemaTransformer(SchemaConventions.DescribeAsync);
        options.CreateSchemaReferenceId = SchemaConventions.NameOf;
    });

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = context.ApplicationServices.GetRequiredService<IHostEnvironment>().ApplicationName.Replace('.', ' '),
            Version = context.DocumentName,
            Description = "Times are in UTC. Lists come page by page: the next page is named in the `Link` header.",
        };
        // Not the address that the document was asked for at, which may be internal: clients come through the site.
        document.Servers = [new() { Url = "/" }];
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The value of the cookie `session` that signing in sets. It wins over the cookie.",
        });
        document.AddComponent(Session, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = SessionCookies.Session,
            Description = "Set by signing up and signing in.",
        });
        return Task.CompletedTask;
    }
}
