using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Ticketing.ServiceDefaults;

namespace Ticketing.ApiDefaults;

/// <summary>Sign-in by Auth's tokens, as every service does it.</summary>
public static class SessionAuthentication
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>
    /// Accepts Auth's access tokens. Every route then needs a signed-in user unless it says <c>AllowAnonymous</c>; one that does
    /// not exist is 404 for everybody. Auth registers its own <see cref="IConfigurationManager{T}"/>; the others fetch the keys from it.
    /// </summary>
    public static IServiceCollection AddSessionAuthentication(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        builder.AddSettings<SessionTokenOptions>(SessionTokenOptions.Section)
            .Validate(options => options.HasValidIssuer,
                "Authentication__Issuer must be the site's public origin, such as https://tickets.example: no slash at the end.")
            .Validate(options => !string.IsNullOrWhiteSpace(options.Audience), "Authentication__Audience must not be empty.");

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AuthMetadata>();
        services.TryAddSingleton<IConfigurationManager<OpenIdConnectConfiguration>>(provider => provider.GetRequiredService<AuthMetadata>().Manager);
        services.AddSingleton<SessionEvents>();
        // Auth itself, and a service that knows no users, run without Auth's address; AuthMetadata needs a factory anyway.
        services.AddHttpClient();
        if (builder.Configuration.GetSection("services:auth").Exists())
        {
            builder.AddServiceClient(AuthMetadata.Client);
            services.AddHostedService(provider => provider.GetRequiredService<AuthMetadata>());
        }

        // Not AddAuthentication and AddJwtBearer: they bring data protection, which would keep keys in the home directory that
        // nothing here uses.
        services.AddWebEncoders();
        services.AddAuthenticationCore(options => options.DefaultScheme = Scheme);
        new AuthenticationBuilder(services).AddScheme<JwtBearerOptions, JwtBearerHandler>(Scheme, displayName: null, configureOptions: null);
        services.AddOptions<JwtBearerOptions>(Scheme)
            .Configure<SessionEvents, IConfigurationManager<OpenIdConnectConfiguration>, IOptions<SessionTokenOptions>>(Configure);
        services.TryAddSingleton<IAuthorizationMiddlewareResultHandler, RoutesAloneAreProtected>();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        return services;
    }

    /// <summary>
    /// Adds, in this order: whose request it is, the cross-origin check, who may do what. Forwarded headers must have been
    /// read before, since the check compares with the public origin.
    /// </summary>
    public static IApplicationBuilder UseSessionAuthentication(this IApplicationBuilder app) => app
        .UseAuthentication()
        .UseMiddleware<CrossOriginCheck>()
        .UseAuthorization();

    /// <summary>
    /// The fallback policy is also asked about what no route answers: 404, and routing's own endpoint for 405. There is nothing
    /// behind them to protect.
    /// </summary>
    private sealed class RoutesAloneAreProtected : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler ofRoutes = new();

        public Task HandleAsync(
            RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
            context.GetEndpoint() is RouteEndpoint ? ofRoutes.HandleAsync(next, context, policy, authorizeResult) : next(context);
    }

    private static void Configure(
        JwtBearerOptions bearer, SessionEvents events, IConfigurationManager<OpenIdConnectConfiguration> auth, IOptions<SessionTokenOptions> session)
    {
        bearer.ConfigurationManager = auth;
        bearer.Events = events;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [SessionToken.Type],
            ValidIssuer = session.Value.Issuer,
            ValidAudience = session.Value.Audience,
            LifetimeValidator = (from, until, _, _) => events.IsCurrent(from, until),
            // Only the key that the token names.
            TryAllIssuerSigningKeys = false,
        };
    }
}
