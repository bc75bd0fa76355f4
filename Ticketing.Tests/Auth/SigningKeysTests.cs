using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Keys;
using Ticketing.Auth.Users;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class SigningKeysTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Fact]
    public async Task Publishes_where_to_find_keys_that_verify_its_tokens()
    {
        var (browser, user) = await SignedUp();
        using var client = Auth.Anonymous();

        var discovery = (await client.GetFromJsonAsync<JsonObject>("/.well-known/openid-configuration"))!;
        discovery["issuer"]!.ToString().ShouldBe("http://localhost:8080");
        discovery["jwks_uri"]!.ToString().ShouldBe("http://localhost:8080/.well-known/jwks.json");
        discovery["id_token_signing_alg_values_supported"]!.AsArray().Select(alg => alg!.ToString()).ShouldBe(["ES256"]);

        using var answer = await client.GetAsync("/.well-known/jwks.json");
        answer.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        var body = await answer.Content.ReadAsStringAsync();
        body.ShouldNotContain("\"d\"");
        (await Read(browser.Session!)).Principal!.UserId().ShouldBe(user.Id);
    }

    [Fact]
    public async Task A_change_of_keys_signs_nobody_out()
    {
        await using var replica = await Fixture.StartReplica();
        var old = (await Published()).Single().Kid;

        Platform.Clock.Turn(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(40));
        await Keys(Auth).MaintainAsync(TestContext.Current.CancellationToken);
        await Keys(replica).MaintainAsync(TestContext.Current.CancellationToken);
        var published = await Published();
        published.Count.ShouldBe(2, "the next key is published before its time, by the first replica that looks, and once");

        var (before, _) = await SignedUp();
        KidOf(before.Session!).ShouldBe(old);

        Platform.Clock.Turn(TimeSpan.FromMinutes(20));
        await Keys(Auth).MaintainAsync(TestContext.Current.CancellationToken);
        var (stillBefore, _) = await SignedUp();
        KidOf(stillBefore.Session!).ShouldBe(old, "an hour has not passed since it was published");

        Platform.Clock.Turn(TimeSpan.FromMinutes(40));
        var (after, user) = await SignedUp();
        KidOf(after.Session!).ShouldBe(published[1].Kid);
        (await Read(after.Session!)).Principal!.UserId().ShouldBe(user.Id);

        Platform.Clock.Turn(TimeSpan.FromMinutes(-39));
        (await Read(stillBefore.Session!)).Failure.ShouldBeNull("the old key is still published");
        (await before.Post("/api/users/refresh")).EnsureSuccessStatusCode();
        Platform.Clock.Turn(TimeSpan.FromMinutes(39));

        Platform.Clock.Turn(TimeSpan.FromHours(2));
        await Keys(Auth).MaintainAsync(TestContext.Current.CancellationToken);
        await Keys(replica).MaintainAsync(TestContext.Current.CancellationToken);
        (await Published()).Select(key => key.Kid).ShouldBe([published[1].Kid]);
    }

    [Fact]
    public async Task Two_replicas_that_start_together_for_the_first_time_make_one_key()
    {
        await using var connection = await Platform.OpenAsync("auth");
        await connection.ExecuteAsync("DELETE FROM signing_keys");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Keys(Auth).MaintainAsync(TestContext.Current.CancellationToken)));
        (await connection.QuerySingleAsync<int>("SELECT count(*)::integer FROM signing_keys")).ShouldBe(1);
        (await Published()).Count.ShouldBe(1);
    }

    private static SigningKeys Keys(TestService<User> service) => service.Services.GetRequiredService<SigningKeys>();

    private async Task<IReadOnlyList<PublishedKey>> Published()
    {
        using var client = Auth.Anonymous();
        return (await client.GetFromJsonAsync<PublishedKeys>("/.well-known/jwks.json"))!.Keys;
    }

    /// <summary>Reads a token as another service would: by what Auth publishes, fetched from where it is, not from the site.</summary>
    private async Task<AuthenticateResult> Read(string token)
    {
        await using var service = new SessionCheck(Auth.Address, Platform.Clock);
        return await service.AuthenticateAsync(token);
    }

    private static string KidOf(string token) => new JsonWebToken(token).Kid;
}
