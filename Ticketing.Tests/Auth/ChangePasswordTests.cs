using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class ChangePasswordTests(AuthFixture fixture) : AuthTests(fixture)
{
    private const string NewPassword = "battery staple";

    [Fact]
    public async Task Ends_every_session_but_the_callers_new_one()
    {
        var (browser, user) = await SignedUp();
        using var elsewhere = Open();
        await elsewhere.Post("/api/users/signin", new { email = user.Email, password = Password });
        using var before = browser.Copy();

        using var answer = await Change(browser, Password, NewPassword);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<UserResponse>()).ShouldBe(user);

        (await browser.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await elsewhere.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await before.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var fresh = Open();
        (await fresh.Post("/api/users/signin", new { email = user.Email, password = Password })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await fresh.Post("/api/users/signin", new { email = user.Email, password = NewPassword })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Needs_a_session()
    {
        using var browser = Open();
        using var answer = await Change(browser, Password, NewPassword);
        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, NewPassword, "currentPassword")]
    [InlineData(Password, null, "newPassword")]
    [InlineData(Password, "short", "newPassword")]
    [InlineData("not the password", NewPassword, null)]
    public async Task Refuses_what_is_wrong(string? current, string? wanted, string? field)
    {
        var (browser, _) = await SignedUp();
        using var answer = await Change(browser, current, wanted);
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
        (await browser.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stolen_session_cannot_guess_the_password()
    {
        var (browser, _) = await SignedUp();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await Change(browser, "not the password", NewPassword);
            wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        using var locked = await Change(browser, Password, NewPassword);
        await locked.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Of_changes_at_the_same_time_one_wins_and_the_user_knows_which()
    {
        var (browser, user) = await SignedUp();
        var statuses = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var copy = browser.Copy();
            using var answer = await Change(copy, Password, $"{NewPassword} {i}");
            return answer.StatusCode;
        }));

        var winner = Array.IndexOf(statuses, HttpStatusCode.OK);
        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        using var fresh = Open();
        (await fresh.Post("/api/users/signin", new { email = user.Email, password = $"{NewPassword} {winner}" })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> Change(Browser browser, string? current, string? wanted) =>
        browser.Post("/api/users/password", new { currentPassword = current, newPassword = wanted });
}
