using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class RefreshTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task Exchanges_the_token_and_keeps_the_user()
    {
        var (browser, user) = await SignedUp();
        var (session, refresh) = (browser.Session, browser.Refresh);

        using var answer = await Renew(browser);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<UserResponse>()).ShouldBe(user);
        browser.Session.ShouldNotBe(session);
        browser.Refresh.ShouldNotBe(refresh);
        answer.Headers.GetValues("Set-Cookie").Count().ShouldBe(2);
    }

    [Fact]
    public async Task Of_20_at_once_all_get_the_same_successor_and_nobody_is_signed_out()
    {
        var (browser, _) = await SignedUp();
        await using var replica = await Fixture.StartReplica();

        var successors = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var copy = browser.Copy(at: i % 2 == 0 ? Auth.Address : replica.Address);
            (await Renew(copy)).StatusCode.ShouldBe(HttpStatusCode.OK);
            return copy.Refresh;
        }));

        successors.Distinct().Count().ShouldBe(1);
        browser.Put("refresh", successors[0]!);
        (await Renew(browser)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lost_answer_can_be_asked_for_again_within_30_seconds_even_after_the_next_exchange()
    {
        var (browser, _) = await SignedUp();
        using var first = browser.Copy();
        await Renew(browser);
        var successor = browser.Refresh;
        await Renew(browser);
        Platform.Clock.Turn(TimeSpan.FromSeconds(28));

        (await Renew(first)).StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Refresh.ShouldBe(successor);
        (await Renew(browser)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Use_after_30_seconds_ends_the_family_and_no_other()
    {
        var (browser, user) = await SignedUp();
        using var elsewhere = Open();
        await elsewhere.Post("/api/users/signin", new { email = user.Email, password = Password });
        using var thief = browser.Copy();
        await Renew(browser);
        Platform.Clock.Turn(TimeSpan.FromSeconds(31));

        using var reuse = await Renew(thief);
        await ShouldBeOver(reuse);
        thief.Refresh.ShouldBeNull();
        (await Renew(browser)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "one of the two is a thief; nobody knows which");
        (await Renew(elsewhere)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lives_14_days_from_its_last_use()
    {
        var (browser, _) = await SignedUp();
        Platform.Clock.Turn(TimeSpan.FromDays(13.99));
        (await Renew(browser)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Platform.Clock.Turn(TimeSpan.FromDays(13.99));
        (await Renew(browser)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Platform.Clock.Turn(TimeSpan.FromDays(14));
        await ShouldBeOver(await Renew(browser));
    }

    [Fact]
    public async Task Sign_out_ends_the_session_for_good()
    {
        var (browser, _) = await SignedUp();
        using var before = browser.Copy();
        await Renew(browser);
        using var after = browser.Copy();

        using var answer = await browser.Post("/api/users/signout");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("{}");
        browser.Session.ShouldBeNull();
        browser.Refresh.ShouldBeNull();
        await ShouldBeOver(await Renew(after));
        await ShouldBeOver(await Renew(before));
    }

    [Fact]
    public async Task Sign_out_works_without_a_session_and_again()
    {
        using var browser = Open();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await browser.Post("/api/users/signout");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/"));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("garbage")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_we_never_gave_is_401_and_cleared(string? token)
    {
        using var browser = Open();
        if (token is not null) browser.Put("refresh", token);
        await ShouldBeOver(await Renew(browser));
        browser.Refresh.ShouldBeNull();
    }

    [Theory]
    [InlineData("/api/users/refresh")]
    [InlineData("/api/users/signout")]
    public async Task Other_sites_cannot_use_the_refresh_cookie(string path)
    {
        var (browser, _) = await SignedUp();
        using var foreign = Open();
        foreign.Put("refresh", browser.Refresh!);
        foreign.Client.DefaultRequestHeaders.Add("Origin", "http://evil.example");

        using var answer = await foreign.Post(path);
        await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await Renew(browser)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_database_holds_no_token_that_could_be_presented()
    {
        var (browser, _) = await SignedUp();
        var first = Convert.FromBase64String(browser.Refresh!.Replace('-', '+').Replace('_', '/') + "=");
        await Renew(browser);
        var second = Convert.FromBase64String(browser.Refresh!.Replace('-', '+').Replace('_', '/') + "=");

        await using var connection = await Platform.OpenAsync("auth");
        (await connection.QuerySingleAsync<int>(
            "SELECT count(*)::integer FROM refresh_tokens WHERE hash IN (@first, @second)", new { first, second })).ShouldBe(0);
    }

    private static Task<HttpResponseMessage> Renew(Browser browser) => browser.Post("/api/users/refresh");

    private static async Task ShouldBeOver(HttpResponseMessage answer)
    {
        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        var cookies = answer.Headers.GetValues("Set-Cookie").ToArray();
        cookies.Length.ShouldBe(2);
        cookies[0].ShouldStartWith("session=; expires=Thu, 01 Jan 1970");
        cookies[1].ShouldStartWith("refresh=; expires=Thu, 01 Jan 1970");
    }
}
