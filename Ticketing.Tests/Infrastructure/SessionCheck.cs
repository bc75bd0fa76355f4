using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ticketing.ApiDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>The session check of a service, without the service.</summary>
internal sealed class SessionCheck : IAsyncDisposable
{
    private readonly WebApplication app;

    /// <param name="keys">Where the keys come from.</param>
    /// <param name="clock">What time it is.</param>
    public SessionCheck(IConfigurationManager<OpenIdConnectConfiguration> keys, TimeProvider clock)
        : this(clock, builder => builder.Services.AddSingleton(keys))
    {
    }

    /// <summary>The same with the keys that Auth publishes at this address.</summary>
    public SessionCheck(Uri auth, TimeProvider clock)
        : this(clock, builder => builder.Configuration["services:auth:http:0"] = auth.ToString())
    {
    }

    private SessionCheck(TimeProvider clock, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock);
        builder.Services.AddServiceDiscovery();
        configure(builder);
        builder.AddSessionAuthentication();
        app = builder.Build();
    }

    /// <summary>Checks a token in the header of a request. Throws where the request would end with a 500.</summary>
    public async Task<AuthenticateResult> AuthenticateAsync(string token)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = $"Bearer {token}";
        return await context.AuthenticateAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
