using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Sessions;

[Collection(typeof(WebCollection))]
public sealed class SessionRenewalTests(WebSite site)
{
    private static readonly Guid User = Guid.CreateVersion7();

    private int exchanges;

    [Fact]
    public async Task A_forwarded_call_without_a_session_gets_a_new_one_on_the_way()
    {
        var renewed = AuthRenews();
        string? arrived = null;
        site.Orders.Answers(context => { arrived = context.Request.Headers.Cookie; return Task.CompletedTask; });

        var answer = await GetAsync("/api/orders", "refresh=old");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        arrived.ShouldBe($"session={renewed}");
        answer.Headers.GetValues("Set-Cookie").ShouldBe([$"session={renewed}; path=/; httponly", "refresh=new; path=/; httponly"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task The_new_session_comes_also_with_a_failure()
    {
        AuthRenews();
        using var orders = new RawService(_ => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        await using var web = site.Start(("services:orders:http:0", orders.Address));
        using var client = web.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", "refresh=old");

        var answer = await client.GetAsync("/api/orders");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.GetValues("Set-Cookie").ShouldContain("refresh=new; path=/; httponly");
    }

    [Fact]
    public async Task A_page_sees_the_new_session()
    {
        var renewed = AuthRenews();
        site.Tickets.Answers(context => context.Response.WriteAsync("[]"));

        var answer = await GetAsync("/", "refresh=old");

        (await answer.Content.ReadAsStringAsync()).ShouldContain("Sign out");
        answer.Headers.GetValues("Set-Cookie").ShouldContain($"session={renewed}; path=/; httponly");
    }

    [Fact]
    public async Task A_session_near_its_end_is_renewed_and_one_with_time_left_is_not()
    {
        AuthRenews();
        site.Orders.Answers(_ => Task.CompletedTask);
        var now = site.Platform.Clock.GetUtcNow();
        // A test's token lives for an hour.
        var (ending, lasting) = (Token(now.AddMinutes(-60).AddSeconds(20)), Token(now.AddMinutes(-60).AddSeconds(60)));

        (await GetAsync("/api/orders", $"session={lasting}; refresh=old")).Headers.Contains("Set-Cookie").ShouldBeFalse();
        exchanges.ShouldBe(0);
        (await GetAsync("/api/orders", $"session={ending}; refresh=old")).Headers.Contains("Set-Cookie").ShouldBeTrue();
        exchanges.ShouldBe(1);
    }

    [Theory]
    [InlineData("session=garbage; refresh=old", true)]
    [InlineData("session=a.b.c; refresh=old", true)]
    [InlineData("session=; refresh=old", true)]
    [InlineData("refresh=", false)]
    [InlineData("session=garbage", false)]
    public async Task What_is_no_session_is_renewed_if_there_is_a_refresh_token(string cookies, bool renews)
    {
        AuthRenews();
        site.Orders.Answers(_ => Task.CompletedTask);

        await GetAsync("/api/orders", cookies);

        exchanges.ShouldBe(renews ? 1 : 0);
    }

    [Fact]
    public async Task A_bearer_token_wins_over_cookies_so_nothing_is_renewed()
    {
        AuthRenews();
        site.Orders.Answers(_ => Task.CompletedTask);

        using var client = site.Web.As(User);
        client.DefaultRequestHeaders.Add("Cookie", "refresh=old");
        await client.GetAsync("/api/orders");

        exchanges.ShouldBe(0);
    }

    [Fact]
    public async Task Parallel_requests_share_one_exchange()
    {
        var release = new TaskCompletionSource();
        AuthRenews(release.Task);
        site.Orders.Answers(_ => Task.CompletedTask);

        var answers = Enumerable.Range(0, 20).Select(_ => GetAsync("/api/orders", "refresh=shared")).ToList();
        await Infrastructure.Eventually.HoldsAsync(() => Task.FromResult(exchanges > 0), "an exchange begins");
        await Task.Delay(200);
        release.SetResult();

        foreach (var answer in await Task.WhenAll(answers))
            answer.Headers.GetValues("Set-Cookie").Count().ShouldBe(2);
        exchanges.ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_token_that_Auth_refuses_is_cleared()
    {
        site.Auth.Answers(context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Cookies.Delete("session");
            context.Response.Cookies.Delete("refresh");
            return Task.CompletedTask;
        });
        string? arrived = "";
        site.Orders.Answers(context => { arrived = context.Request.Headers.Cookie; return Task.CompletedTask; });

        var answer = await GetAsync("/api/orders", "session=a.b.c; refresh=stolen");

        arrived.ShouldBeNull();
        answer.Headers.GetValues("Set-Cookie").Count(cookie => cookie.Contains("1970", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task With_Auth_failing_the_request_goes_on_and_the_cookies_stay()
    {
        site.Auth.Answers(503);
        string? arrived = null;
        site.Orders.Answers(context => { arrived = context.Request.Headers.Cookie; return Task.CompletedTask; });

        var answer = await GetAsync("/api/orders", "session=a.b.c; refresh=good");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        arrived.ShouldBe("session=a.b.c");
    }

    [Fact]
    public async Task With_Auth_away_the_request_goes_on_and_the_cookies_stay()
    {
        site.Tickets.Answers(context => context.Response.WriteAsync("[]"));
        await using var web = site.Start(("services:auth:http:0", "http://127.0.0.1:1"));
        using var client = web.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", "refresh=good");

        var answer = await client.GetAsync("/");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).Select(cookie => cookie.Split('=')[0]).ShouldNotContain(name => name == "session" || name == "refresh");
    }

    private string Token(DateTimeOffset signedAt) => site.Platform.Users.TokenFor(User, signedAt);

    private string AuthRenews(Task? wait = null)
    {
        var token = Token(site.Platform.Clock.GetUtcNow());
        site.Auth.Answers(async context =>
        {
            context.Request.Path.Value.ShouldBe("/api/users/refresh");
            context.Request.Cookies["refresh"].ShouldNotBeNullOrEmpty();
            Interlocked.Increment(ref exchanges);
            await (wait ?? Task.CompletedTask);
            context.Response.Headers.SetCookie = new([$"session={token}; path=/; httponly", "refresh=new; path=/; httponly"]);
            await context.Response.WriteAsync("{}");
        });
        return token;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string cookies)
    {
        using var client = site.Web.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", cookies);
        return await client.GetAsync(path);
    }
}
