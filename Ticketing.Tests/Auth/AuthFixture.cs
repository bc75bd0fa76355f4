using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ticketing.Auth.Keys;
using Ticketing.Auth.Users;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

/// <summary>Auth, running with its own keys on a database of its own for one test class.</summary>
public sealed class AuthFixture(Servers servers) : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    internal TestService<User> Auth { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Platform = (await TestPlatform.CreateAsync(servers, "auth")).With("RateLimits:Enabled", "false");
        Auth = await StartReplica();
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();

    internal Task<TestService<User>> StartReplica() => Platform.StartAsync<User>(Configure);

    internal static void Configure(IServiceCollection services)
    {
        services.AddSingleton<IConfigurationManager<OpenIdConnectConfiguration>>(provider => provider.GetRequiredService<SigningKeys>());
        // The tests sign up hundreds of users; what a hash costs is not what they are about.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
    }
}

/// <summary>What the tests of Auth do again and again.</summary>
public abstract class AuthTests(AuthFixture fixture) : IClassFixture<AuthFixture>
{
    protected const string Password = "correct horse";

    internal AuthFixture Fixture => fixture;

    internal TestPlatform Platform => fixture.Platform;

    internal TestService<User> Auth => fixture.Auth;

    internal static string NewEmail() => $"{Guid.NewGuid():N}@example.com";

    internal Browser Open() => new(Auth.Address);

    /// <summary>A browser in which a new user is signed in.</summary>
    internal async Task<(Browser Browser, UserResponse User)> SignedUp()
    {
        var browser = Open();
        using var answer = await browser.Post("/api/users/signup", new { email = NewEmail(), password = Password });
        return (browser, (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<UserResponse>())!);
    }
}

/// <summary>Keeps cookies as a browser does.</summary>
internal sealed class Browser(Uri address) : IDisposable
{
    private readonly CookieContainer jar = new();
    private HttpClient? client;

    public Uri Address { get; } = address;

    public HttpClient Client => client ??= new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = Address };

    public string? Session => this["session"];

    public string? Refresh => this["refresh"];

    private string? this[string name] => jar.GetCookies(Address)[name]?.Value;

    public Task<HttpResponseMessage> Post(string path, object? body = null) => Client.PostAsync(path, JsonContent.Create(body ?? new { }));

    /// <summary>Another browser with the same cookies, as they are now.</summary>
    public Browser Copy(Uri? at = null)
    {
        var copy = new Browser(at ?? Address);
        foreach (var cookie in jar.GetCookies(Address).Cast<Cookie>()) copy.Put(cookie.Name, cookie.Value);
        return copy;
    }

    public void Put(string name, string value) => jar.Add(Address, new Cookie(name, value, "/"));

    public void Dispose() => client?.Dispose();
}
