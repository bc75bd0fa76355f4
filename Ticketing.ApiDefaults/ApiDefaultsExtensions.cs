using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.ApiDefaults;

/// <summary>What every HTTP API of the platform has.</summary>
public static class ApiDefaultsExtensions
{
    /// <summary>Adds JSON conventions, problem details, sessions and the conventions of OpenAPI documents.</summary>
    /// <param name="builder">The service.</param>
    public static IHostApplicationBuilder AddApiDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(options => JsonConventions.Apply(options.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<BadRequestHandler>();
        builder.Services.AddExceptionHandler<UnavailableHandler>();
        builder.AddSessionAuthentication();
        builder.Services.AddOpenApiConventions();
        // A line for every bad token, which anybody can send as fast as they like.
        builder.Logging.AddFilter(typeof(JwtBearerHandler).FullName, LogLevel.Warning);
        return builder;
    }

    /// <summary>
    /// Errors outermost, then sessions; and maps the OpenAPI document. Comes after the service defaults, which read
    /// forwarded headers.
    /// </summary>
    /// <param name="app">The service.</param>
    public static WebApplication UseApiDefaults(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseSessionAuthentication();
        app.MapOpenApi().AllowAnonymous().AnswersHead();
        return app;
    }
}
