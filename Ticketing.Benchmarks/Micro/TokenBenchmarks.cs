using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ticketing.ApiDefaults;

namespace Ticketing.Benchmarks.Micro;

/// <summary>The session check of every request, as the authentication middleware does it.</summary>
public class TokenBenchmarks
{
    /// <summary>More than are remembered, so that each is forgotten when its turn comes again.</summary>
    private const int Tokens = 40_000;

    private readonly string[] tokens = new string[Tokens];
    private WebApplication app = null!;
    private int next;

    [GlobalSetup]
    public void Sign()
    {
        var key = new SigningKey("benchmark", SigningKey.Generate());
        var options = new SessionTokenOptions();
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 0; number < Tokens; number++)
        {
            var user = Guid.CreateVersion7();
            tokens[number] = SessionToken.Sign(key, options, user, $"{user:N}@example.test", now, TimeSpan.FromDays(1));
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IConfigurationManager<OpenIdConnectConfiguration>>(
            new StaticConfigurationManager<OpenIdConnectConfiguration>(SigningKey.ToConfiguration(key)));
        builder.AddSessionAuthentication();
        app = builder.Build();
    }

    [GlobalCleanup]
    public ValueTask StopAsync() => app.DisposeAsync();

    [Benchmark(Description = "token, verified")]
    public Task FirstTime() => CheckAsync(tokens[next = (next + 1) % Tokens]);

    [Benchmark(Description = "token, remembered")]
    public Task Remembered() => CheckAsync(tokens[0]);

    private async Task CheckAsync(string token)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = $"Bearer {token}";
        if (!(await context.AuthenticateAsync()).Succeeded)
            throw new InvalidOperationException("A good token was refused.");
    }
}
