using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class SignUpTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task Makes_a_user_and_signs_in()
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signup", new { email = " New.User@Example.com ", password = Password });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var user = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        user.Select(property => property.Key).ShouldBe(["id", "email"]);
        user["email"]!.ToString().ShouldBe("New.User@Example.com");
        Guid.ParseExact(user["id"]!.ToString(), "D").Version.ShouldBe(7);

        var current = (await browser.Client.GetFromJsonAsync<JsonObject>("/api/users/currentuser"))!["currentUser"]!;
        current["id"]!.ToString().ShouldBe(user["id"]!.ToString());
        current["email"]!.ToString().ShouldBe("New.User@Example.com");
    }

    [Fact]
    public async Task Sets_both_cookies_for_the_whole_site_and_out_of_reach_of_scripts()
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signup", new { email = NewEmail(), password = Password });
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var cookies = answer.Headers.GetValues("Set-Cookie").ToArray();
        cookies.Length.ShouldBe(2);
        cookies[0].ShouldBe($"session={browser.Session}; max-age=900; path=/; samesite=lax; httponly");
        cookies[1].ShouldBe($"refresh={browser.Refresh}; max-age=1209600; path=/; samesite=lax; httponly");
    }

    [Fact]
    public async Task Marks_cookies_secure_when_the_browser_came_over_https()
    {
        using var browser = Open();
        browser.Client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var answer = await browser.Post("/api/users/signup", new { email = NewEmail(), password = Password });
        answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("; secure;"));
    }

    [Fact]
    public async Task An_address_is_taken_whatever_its_case()
    {
        var email = NewEmail();
        using var browser = Open();
        (await browser.Post("/api/users/signup", new { email, password = Password })).EnsureSuccessStatusCode();

        using var stranger = Open();
        using var answer = await stranger.Post("/api/users/signup", new { email = email.ToUpperInvariant(), password = Password });
        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("Email in use.");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"email":"nobody","password":"long enough"}""", "email")]
    [InlineData("""{"email":"a\u0000@example.com","password":"long enough"}""", "email")]
    [InlineData("""{"email":"a\ud800@example.com","password":"long enough"}""", "email")]
    [InlineData("""{"email":null,"password":"long enough"}""", "email")]
    [InlineData("""{"password":"long enough"}""", "email")]
    [InlineData("""{"email":5,"password":"long enough"}""", "email")]
    [InlineData("""{"email":["a@example.com"],"password":"long enough"}""", "email")]
    [InlineData("""{"email":"a@example.com","password":"short"}""", "password")]
    [InlineData("""{"email":"a@example.com","password":""}""", "password")]
    [InlineData("""{"email":"a@example.com"}""", "password")]
    [InlineData("""{"email":"a@example.com","password":12345678}""", "password")]
    [InlineData("""{"email":"a@example.com","password":"\udc00 long enough"}""", "password")]
    [InlineData("{}", "email")]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("{", null)]
    [InlineData("email=a@example.com&password=longenough", null)]
    public async Task Refuses_a_bad_body(string json, string? field)
    {
        using var browser = Open();
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await browser.Client.PostAsync("/api/users/signup", body);
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Names_every_field_that_is_wrong()
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signup", new { email = "x", password = "x" });
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        problem["errors"]!.AsArray().Select(error => error!["field"]!.ToString()).ShouldBe(["email", "password"]);
    }

    [Fact]
    public async Task Refuses_forms_and_huge_bodies()
    {
        using var browser = Open();
        using var form = new FormUrlEncodedContent([new("email", NewEmail()), new("password", Password)]);
        using var answer = await browser.Client.PostAsync("/api/users/signup", form);
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        using var huge = await browser.Post("/api/users/signup", new { email = NewEmail(), password = new string('x', 70_000) });
        await huge.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Keeps_the_password_only_as_a_hash()
    {
        var (browser, user) = await SignedUp();
        browser.Dispose();
        await using var connection = await Platform.OpenAsync("auth");
        var row = await connection.QuerySingleAsync<string>("SELECT users::text FROM users WHERE id = @Id", new { user.Id });
        row.ShouldNotContain(Password);
    }
}
