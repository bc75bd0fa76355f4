using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Authentication;

/// <summary>A small service over real HTTP: who gets in, and what the others are told.</summary>
public sealed class SessionAuthenticationTests : IAsyncLifetime
{
    private readonly TestUsers users = new();
    private readonly WebApplication app;
    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly (Guid UserId, string Email) ann = (Guid.CreateVersion7(), "ann@example.com");
    private readonly (Guid UserId, string Email) bob = (Guid.CreateVersion7(), "bob@example.com");

    public SessionAuthenticationTests() => app = Build(users.Keys);

    public async ValueTask InitializeAsync()
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        client.BaseAddress = new Uri(app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
        users.Dispose();
    }

    [Fact]
    public async Task The_header_signs_in() =>
        (await Body(Send(HttpMethod.Get, "/me", ("Authorization", $"Bearer {Token(ann)}")))).ShouldBe($"{ann.UserId} ann@example.com");

    [Fact]
    public async Task The_cookie_signs_in() =>
        (await Body(Send(HttpMethod.Get, "/me", Cookie(ann)))).ShouldBe($"{ann.UserId} ann@example.com");

    [Fact]
    public async Task The_header_wins_over_the_cookie() =>
        (await Body(Send(HttpMethod.Get, "/me", Cookie(ann), ("Authorization", $"bearer {Token(bob)}")))).ShouldBe($"{bob.UserId} bob@example.com");

    [Theory]
    [InlineData("Bearer x.y.z")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("garbage")]
    public async Task A_bad_header_is_401_even_with_a_good_cookie(string header)
    {
        using var answer = await Send(HttpMethod.Get, "/me", Cookie(ann), ("Authorization", header));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
    }

    [Fact]
    public async Task Nobody_gets_problem_details()
    {
        using var answer = await Send(HttpMethod.Get, "/me");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");

        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.GetProperty("status").GetInt32().ShouldBe(401);
        problem.GetProperty("errors")[0].GetProperty("message").GetString().ShouldBe("Sign in first.");
        problem.GetProperty("errors")[0].TryGetProperty("field", out _).ShouldBeFalse();
        foreach (var name in (string[])["type", "title", "detail", "traceId"]) problem.GetProperty(name).GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Who_is_signed_in_but_not_allowed_gets_problem_details() =>
        await (await Send(HttpMethod.Get, "/admin", Cookie(ann))).ShouldBeProblemAsync(HttpStatusCode.Forbidden);

    /// <summary>Anybody can send them as fast as they like.</summary>
    [Fact]
    public async Task A_bad_token_writes_no_line_to_the_log()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults();
        builder.AddApiDefaults();
        await using var service = builder.Build();
        var loggers = service.Services.GetRequiredService<ILoggerFactory>();

        loggers.CreateLogger<JwtBearerHandler>().IsEnabled(LogLevel.Information).ShouldBeFalse();
        // The control: others do.
        loggers.CreateLogger<SessionAuthenticationTests>().IsEnabled(LogLevel.Information).ShouldBeTrue();
    }

    [Fact]
    public async Task A_broken_cookie_is_nobody()
    {
        (await Status(HttpMethod.Get, "/me", ("Cookie", "session=broken"))).ShouldBe(401);
        (await Body(Send(HttpMethod.Get, "/open", ("Cookie", "session=broken")))).ShouldBe("nobody");
        (await Body(Send(HttpMethod.Get, "/open", ("Cookie", "session=")))).ShouldBe("nobody");
    }

    [Fact]
    public async Task What_no_route_answers_is_404_or_405_for_everybody()
    {
        foreach (var who in new (string, string)[][] { [], [Cookie(ann)], [("Cookie", "session=broken")] })
        {
            (await Status(HttpMethod.Get, "/nothing", who)).ShouldBe(404);
            (await Status(HttpMethod.Post, "/read", who)).ShouldBe(405);
        }
        // The control: a route says 401 although nothing was said about who may call it.
        (await Status(HttpMethod.Get, "/read")).ShouldBe(401);
        (await Status(HttpMethod.Get, "/read", Cookie(ann))).ShouldBe(200);
    }

    [Fact]
    public async Task A_body_of_the_wrong_type_is_refused_by_its_route_after_the_session()
    {
        foreach (var (path, who, status) in new (string, (string, string)[], HttpStatusCode)[]
        {
            ("/write", [], HttpStatusCode.Unauthorized), ("/write", [Cookie(ann)], HttpStatusCode.BadRequest), ("/open/write", [], HttpStatusCode.BadRequest),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("<a/>", null, "text/xml") };
            foreach (var (name, value) in who)
                request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
            await (await client.SendAsync(request, TestContext.Current.CancellationToken)).ShouldBeProblemAsync(status);
        }
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_a_body()
    {
        using var head = await Send(HttpMethod.Head, "/read", Cookie(ann));
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        (await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await Status(HttpMethod.Head, "/read")).ShouldBe(401);
        (await Status(HttpMethod.Head, "/write", Cookie(ann))).ShouldBe(405);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "", 403)]
    [InlineData("Origin", "http://{host}.evil.example", 403)]
    [InlineData("Origin", "https://{host}", 403)]
    [InlineData("Origin", "http://127.0.0.1:1", 403)]
    [InlineData("Origin", "http://{host}", 200)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("X-Nothing", "of this kind", 200)]
    public async Task A_change_by_cookie_must_come_from_our_own_pages(string header, string value, int status)
    {
        value = value.Replace("{host}", client.BaseAddress!.Authority, StringComparison.Ordinal);
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch])
        {
            (await Status(method, "/me", Cookie(ann), (header, value))).ShouldBe(status, method.Method);
            (await Status(method, "/open", Cookie(ann), (header, value))).ShouldBe(status, method.Method);
            (await Status(method, "/me", ("Authorization", $"Bearer {Token(ann)}"), (header, value))).ShouldBe(200);
            (await Status(method, "/open", (header, value))).ShouldBe(200);
            (await Status(method, "/me", (header, value))).ShouldBe(401);
        }

        (await Status(HttpMethod.Get, "/me", Cookie(ann), (header, value), ("Upgrade", "websocket"))).ShouldBe(status);

        (await Status(HttpMethod.Get, "/me", Cookie(ann), (header, value))).ShouldBe(200);
    }

    [Fact]
    public async Task The_own_origin_is_the_one_that_the_forwarder_names()
    {
        (string, string)[] forwarded = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "tickets.example"), Cookie(ann)];

        (await Status(HttpMethod.Post, "/me", [.. forwarded, ("Origin", "https://tickets.example")])).ShouldBe(200);
        (await Status(HttpMethod.Post, "/me", [.. forwarded, ("Origin", "https://tickets.example:443")])).ShouldBe(200);
        (await Status(HttpMethod.Post, "/me", [.. forwarded, ("Origin", "http://tickets.example")])).ShouldBe(403);
        (await Status(HttpMethod.Post, "/me", [.. forwarded, ("Origin", $"http://{client.BaseAddress!.Authority}")])).ShouldBe(403);
    }

    [Fact]
    public async Task Without_Auths_keys_a_session_is_503_and_public_routes_still_answer()
    {
        await using var lonely = Build(new NoKeys());
        await lonely.StartAsync(TestContext.Current.CancellationToken);
        using var other = new HttpClient { BaseAddress = new Uri(lonely.Urls.Single()) };
        other.DefaultRequestHeaders.Add("Cookie", $"session={Token(ann)}");

        using var answer = await other.GetAsync(new Uri("/me", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await other.GetStringAsync(new Uri("/open", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldBe("nobody");
    }

    [Theory]
    [InlineData("Issuer", "http://localhost:8080/")]
    [InlineData("Issuer", "http://localhost:8080/path")]
    [InlineData("Issuer", "http://localhost:8080?query")]
    [InlineData("Issuer", "http://user@localhost:8080")]
    [InlineData("Issuer", "localhost")]
    [InlineData("Issuer", "ftp://localhost")]
    [InlineData("Issuer", "")]
    [InlineData("Audience", " ")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string value)
    {
        await using var app = Build(users.Keys, ($"Authentication:{setting}", value));
        (await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldContain($"Authentication__{setting}");
    }

    [Theory]
    [InlineData("http://localhost:80")]
    [InlineData("https://tickets.example")]
    public void An_origin_is_a_good_issuer(string origin) => new SessionTokenOptions { Issuer = origin }.HasValidIssuer.ShouldBeTrue();

    private static WebApplication Build(IConfigurationManager<OpenIdConnectConfiguration> keys, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        foreach (var (name, value) in settings) builder.Configuration[name] = value;
        builder.Services.AddSingleton(keys);
        builder.AddServiceDefaults();
        builder.AddApiDefaults();

        var app = builder.Build();
        app.UseServiceDefaults();
        app.UseApiDefaults();
        app.Map("/me", (HttpContext context) => $"{context.User.UserId()} {context.User.Email()}");
        app.Map("/admin", () => "admin").RequireAuthorization(policy => policy.RequireRole("admin"));
        var api = app.MapApi();
        api.MapGet("/read", () => "read");
        api.MapPost("/write", (Dictionary<string, string> body) => body.Count);
        api.MapPost("/open/write", (Dictionary<string, string> body) => body.Count).AllowAnonymous();
        app.Map("/open", (HttpContext context) => context.User.Identity!.IsAuthenticated ? "user" : "nobody").AllowAnonymous();
        return app;
    }

    private string Token((Guid UserId, string Email) user) =>
        users.Sign(user.UserId, user.Email, TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(15));

    private (string, string) Cookie((Guid UserId, string Email) user) => ("Cookie", $"theme=dark; session={Token(user)}");

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<int> Status(HttpMethod method, string path, params (string, string)[] headers)
    {
        using var answer = await Send(method, path, headers);
        return (int)answer.StatusCode;
    }

    private static async Task<string> Body(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class NoKeys : IConfigurationManager<OpenIdConnectConfiguration>
    {
        public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
            throw new InvalidOperationException("As the library says that it never got any.");

        public void RequestRefresh()
        {
        }
    }
}
