using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class CurrentUserTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task Is_who_the_session_belongs_to()
    {
        var (browser, user) = await SignedUp();
        var current = (await browser.Client.GetFromJsonAsync<JsonObject>("/api/users/currentuser"))!["currentUser"]!.AsObject();

        current.Select(property => property.Key).ShouldBe(["id", "email", "iat"]);
        current["id"]!.ToString().ShouldBe(user.Id.ToString());
        current["email"]!.ToString().ShouldBe(user.Email);
        current["iat"]!.GetValue<long>().ShouldBeInRange(
            Platform.Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds(), Platform.Clock.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Takes_the_token_in_the_header_too()
    {
        var (browser, user) = await SignedUp();
        using var client = Auth.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", browser.Session);
        var current = (await client.GetFromJsonAsync<JsonObject>("/api/users/currentuser"))!["currentUser"]!;
        current["id"]!.ToString().ShouldBe(user.Id.ToString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Cookie", "session=broken")]
    [InlineData("Cookie", "session=eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("Authorization", "Bearer broken")]
    [InlineData("Authorization", "Basic YTpi")]
    public async Task Is_null_and_never_401_for_nobody(string? header, string? value)
    {
        using var client = Auth.Anonymous();
        if (header is not null) client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        (await client.GetStringAsync("/api/users/currentuser")).ShouldBe("""{"currentUser":null}""");
    }

    [Fact]
    public async Task Is_null_when_the_token_has_expired()
    {
        var (browser, _) = await SignedUp();
        Platform.Clock.Turn(TimeSpan.FromMinutes(15.6));
        (await browser.Client.GetStringAsync("/api/users/currentuser")).ShouldBe("""{"currentUser":null}""");
    }
}
