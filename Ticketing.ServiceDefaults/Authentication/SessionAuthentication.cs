using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ticketing.ServiceDefaults;

/// <summary>Sign-in by Auth's tokens, as every service does it.</summary>
public static class SessionAuthentication
{
    /// <summary>
    /// Accepts Auth's access tokens. Every route, also one that does not exist, then needs a signed-in user unless it says
    /// <c>AllowAnonymous</c>. Auth registers its own <see cref="IJsonWebKeys"/> afterwards; the others fetch the keys from it.
    /// </summary>
    public static IServiceCollection AddSessionAuthentication(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        builder.AddSettings<SessionTokenOptions>(SessionTokenOptions.Section)
            .Validate(options => options.HasValidIssuer,
                "Authentication__Issuer must be the site's public origin, such as https://tickets.example: no slash at the end.")
            .Validate(options => !string.IsNullOrWhiteSpace(options.Audience), "Authentication__Audience must not be empty.");

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJsonWebKeys, HttpJsonWebKeys>();
        services.TryAddSingleton<SessionTokenReader>();
        // Auth itself, and a service that knows no users, run without Auth's address; HttpJsonWebKeys needs a factory anyway.
        services.AddHttpClient();
        if (builder.Configuration.GetSection("services:auth").Exists()) builder.AddServiceClient(HttpJsonWebKeys.Client);

        // Not AddAuthentication: it brings data protection, which would keep keys in the home directory that nothing here uses.
        services.AddWebEncoders();
        services.AddTransient<SessionAuthenticationHandler>();
        services.AddAuthenticationCore(options =>
        {
            options.AddScheme<SessionAuthenticationHandler>(SessionAuthenticationHandler.Name, displayName: null);
            options.DefaultScheme = SessionAuthenticationHandler.Name;
        });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        // Routing answers a wrong Content-Type by an endpoint of its own, which knows nothing of the route's AllowAnonymous and
        // so would say 401. Without this the route itself refuses the body, with 400.
        services.Remove(services.Single(service => service.ImplementationType?.Name == "AcceptsMatcherPolicy"));

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
}
