using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// A service as it is shipped, in this process on real Kestrel, with real servers behind it. Only the clock and the
/// keys that verify sessions are the test's.
/// </summary>
/// <typeparam name="TMarker">Any type of the service's assembly.</typeparam>
internal sealed class TestService<TMarker> : WebApplicationFactory<TMarker>
    where TMarker : class
{
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly TimeProvider clock;
    private readonly TestUsers users;
    private readonly Action<IServiceCollection>? configure;

    public TestService(
        IReadOnlyDictionary<string, string> settings,
        TimeProvider clock,
        TestUsers users,
        Action<IServiceCollection>? configure = null)
    {
        (this.settings, this.clock, this.users, this.configure) = (settings, clock, users, configure);
        // Not UseKestrel(0): that changes the addresses while the service's own thread may have started the server.
        UseKestrel();
        StartServer();
        Address = ClientOptions.BaseAddress;
    }

    /// <summary>Where it listens, on a port of its own.</summary>
    public Uri Address { get; }

    /// <summary>A client that is not signed in.</summary>
    public HttpClient Anonymous() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = Address,
    };

    /// <summary>A client that is signed in as this user.</summary>
    public HttpClient As(Guid userId)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", users.TokenFor(userId, clock.GetUtcNow()));
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        builder.UseUrls("http://127.0.0.1:0");
        builder.UseSetting("Shutdown:DrainSeconds", "0");
        foreach (var (key, value) in settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(clock);
            services.AddSingleton(users.Keys);
            configure?.Invoke(services);
        });
    }
}
