using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class SignInTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task Starts_a_session_whatever_the_case_of_the_address()
    {
        var (_, user) = await SignedUp();
        using var browser = Open();
        using var answer = await SignIn(browser, user.Email.ToUpperInvariant());

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<UserResponse>()).ShouldBe(user);
        browser.Session.ShouldNotBeNull();
        browser.Refresh.ShouldNotBeNull();
    }

    [Fact]
    public async Task Says_the_same_about_a_wrong_password_and_an_unknown_address()
    {
        var (_, user) = await SignedUp();
        using var browser = Open();
        using var wrong = await SignIn(browser, user.Email, "not the password");
        using var unknown = await SignIn(browser, NewEmail());

        var said = await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        (await unknown.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe(said);
        Shape(await wrong.Content.ReadFromJsonAsync<JsonObject>()).ShouldBe(Shape(await unknown.Content.ReadFromJsonAsync<JsonObject>()));
        Headers(wrong).ShouldBe(Headers(unknown));
        browser.Session.ShouldBeNull();

        static string Shape(JsonObject? problem)
        {
            problem!.Remove("traceId").ShouldBeTrue();
            return problem.ToJsonString();
        }

        static IEnumerable<string> Headers(HttpResponseMessage answer) => answer.Headers.Select(header => header.Key);
    }

    [Theory]
    [InlineData(null, Password, "email")]
    [InlineData("nobody", Password, "email")]
    [InlineData("nobody\0@example.com", Password, "email")]
    [InlineData("nobody@example.com", null, "password")]
    [InlineData("nobody@example.com", "", "password")]
    public async Task Refuses_a_bad_body(string? email, string? password, string field)
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signin", new { email, password });
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_user_out_for_five_minutes()
    {
        var (_, user) = await SignedUp();
        using var browser = Open();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await SignIn(browser, user.Email, "not the password");
            wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        using var locked = await SignIn(browser, user.Email);
        await locked.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(280, 300);
        browser.Session.ShouldBeNull();

        await using var connection = await Platform.OpenAsync("auth");
        await connection.ExecuteAsync("UPDATE users SET lockout_end = lockout_end - interval '5 minutes' WHERE id = @Id", new { user.Id });
        using var later = await SignIn(browser, user.Email);
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_right_password_forgives_the_wrong_ones_before_it()
    {
        var (_, user) = await SignedUp();
        using var browser = Open();
        for (var i = 0; i < 12; i++)
        {
            using var answer = await SignIn(browser, user.Email, i % 4 == 3 ? Password : "not the password");
            answer.StatusCode.ShouldBe(i % 4 == 3 ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Guesses_at_the_same_time_are_each_counted()
    {
        var (_, user) = await SignedUp();
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var browser = Open();
            using var answer = await SignIn(browser, user.Email, "not the password");
            return answer.StatusCode;
        }));

        statuses.ShouldAllBe(status => status == HttpStatusCode.BadRequest || status == HttpStatusCode.TooManyRequests);
        using var late = Open();
        using var locked = await SignIn(late, user.Email);
        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Right_passwords_at_the_same_time_all_sign_in()
    {
        var (_, user) = await SignedUp();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var browser = Open();
            using var answer = await SignIn(browser, user.Email);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }));
    }

    private static Task<HttpResponseMessage> SignIn(Browser browser, string email, string password = Password) =>
        browser.Post("/api/users/signin", new { email, password });
}
