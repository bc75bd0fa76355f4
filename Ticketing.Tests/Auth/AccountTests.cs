using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

/// <summary>What people do with their account: another address, out everywhere, what is kept, gone.</summary>
public sealed class AccountTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task A_new_address_signs_in_the_old_one_is_free_and_other_sessions_end()
    {
        var (browser, user) = await SignedUp();
        using var elsewhere = Open();
        await SignIn(elsewhere, user.Email);
        var address = NewEmail();

        using var answer = await browser.Post("/api/users/email", new { email = address, password = Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<UserResponse>()).ShouldBe(new UserResponse(user.Id, address));

        (await browser.Client.GetStringAsync("/api/users/currentuser")).ShouldContain(address);
        (await browser.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await elsewhere.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var fresh = Open();
        (await SignIn(fresh, user.Email)).ShouldBe(HttpStatusCode.BadRequest);
        (await SignIn(fresh, address.ToUpperInvariant())).ShouldBe(HttpStatusCode.OK);
        using var successor = Open();
        (await successor.Post("/api/users/signup", new { email = user.Email, password = Password })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_address_of_somebody_else_is_refused_also_when_both_want_it_at_once()
    {
        var (_, other) = await SignedUp();
        var (browser, user) = await SignedUp();
        using var taken = await browser.Post("/api/users/email", new { email = other.Email.ToUpperInvariant(), password = Password });
        (await taken.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("in use");
        (await browser.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.Client.GetStringAsync("/api/users/currentuser")).ShouldContain(user.Email);

        var wanted = NewEmail();
        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var (rival, _) = await SignedUp();
            using var answer = await rival.Post("/api/users/email", new { email = wanted, password = Password });
            return answer.StatusCode;
        }));
        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        statuses.Count(status => status == HttpStatusCode.BadRequest).ShouldBe(7);
    }

    [Theory]
    [InlineData("/api/users/email", "{\"email\":\"no address\",\"password\":\"correct horse\"}", "email")]
    [InlineData("/api/users/email", "{\"email\":\"a@b.example\"}", "password")]
    [InlineData("/api/users/email", "{\"email\":\"a@b.example\",\"password\":\"not the password\"}", null)]
    [InlineData("/api/users/delete", "{}", "password")]
    [InlineData("/api/users/delete", "{\"password\":\"not the password\"}", null)]
    public async Task Refuses_what_is_wrong_and_changes_nothing(string path, string body, string? field)
    {
        var (browser, user) = await SignedUp();
        using var answer = await browser.Post(path, JsonSerializer.Deserialize<JsonElement>(body));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);

        (await browser.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var fresh = Open();
        (await SignIn(fresh, user.Email)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/users/email")]
    [InlineData("/api/users/delete")]
    public async Task A_stolen_session_cannot_guess_the_password(string path)
    {
        var (browser, _) = await SignedUp();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await browser.Post(path, new { email = NewEmail(), password = "not the password" });
            wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        using var locked = await browser.Post(path, new { email = NewEmail(), password = Password });
        await locked.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Out_everywhere_ends_every_session_of_this_user_alone()
    {
        var (browser, user) = await SignedUp();
        var (stranger, _) = await SignedUp();
        using var elsewhere = Open();
        await SignIn(elsewhere, user.Email);

        using var answer = await elsewhere.Post("/api/users/signouteverywhere");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        elsewhere.Session.ShouldBeNull();
        (await browser.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SignIn(browser, user.Email)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Tells_users_what_is_kept_about_them_and_no_secret()
    {
        var (browser, user) = await SignedUp();
        await SignIn(browser, user.Email);

        var text = await browser.Client.GetStringAsync("/api/users/data");

        var data = JsonDocument.Parse(text).RootElement;
        data.GetProperty("id").GetGuid().ShouldBe(user.Id);
        data.GetProperty("email").GetString().ShouldBe(user.Email);
        data.GetProperty("sessions").GetArrayLength().ShouldBe(2);
        text.ShouldNotContain("hash");
        text.ShouldNotContain("stamp");
    }

    [Fact]
    public async Task A_deleted_account_is_gone_everybody_is_told_and_the_address_is_free()
    {
        var (browser, user) = await SignedUp();
        using var copy = browser.Copy();

        using var answer = await browser.Post("/api/users/delete", new { password = Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        browser.Session.ShouldBeNull();
        (await Platform.Broker.HearAsync<UserDeleted>(told => told.UserId == user.Id)).UserId.ShouldBe(user.Id);
        (await copy.Post("/api/users/refresh")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await copy.Client.GetAsync("/api/users/data")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await copy.Post("/api/users/delete", new { password = Password })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignIn(browser, user.Email)).ShouldBe(HttpStatusCode.BadRequest);
        using var again = await browser.Post("/api/users/signup", new { email = user.Email, password = Password });
        (await again.Content.ReadFromJsonAsync<UserResponse>())!.Id.ShouldNotBe(user.Id);
    }

    [Theory]
    [InlineData("/api/users/email")]
    [InlineData("/api/users/signouteverywhere")]
    [InlineData("/api/users/delete")]
    public async Task Needs_a_session(string path)
    {
        using var browser = Open();
        using var answer = await browser.Post(path, new { email = NewEmail(), password = Password });
        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpStatusCode> SignIn(Browser browser, string email)
    {
        using var answer = await browser.Post("/api/users/signin", new { email, password = Password });
        return answer.StatusCode;
    }
}
