using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>The session check of a service, without the service.</summary>
internal sealed class SessionCheck : IAsyncDisposable
{
    private readonly WebApplication app;

    public SessionCheck(IConfigurationManager<OpenIdConnectConfiguration> keys, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(keys);
        builder.Services.AddSingleton(clock);
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
