using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.Auth.Users;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

/// <summary>Two replicas of Auth that share their counts in a Redis of their own, which a test may stop.</summary>
public sealed class RateLimitTests(Servers servers) : IAsyncLifetime
{
    private const int PerAddress = 6;
    private const int PerEmail = 3;

    private TestServer redis = null!;
    private TestPlatform platform = null!;
    private TestService<User>[] replicas = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await TestServer.StartRedisAsync();
        platform = (await TestPlatform.CreateAsync(servers, "auth"))
            .With("ConnectionStrings:redis", redis.ConnectionString)
            .With("RateLimits:SignInsPerAddress", $"{PerAddress}")
            .With("RateLimits:SignUpsPerAddress", $"{PerAddress}")
            .With("RateLimits:SignInsPerEmail", $"{PerEmail}")
            .With("RateLimits:WindowSeconds", "3600");
        replicas = [await platform.StartAsync<User>(), await platform.StartAsync<User>()];
    }

    public async ValueTask DisposeAsync()
    {
        await platform.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_share_their_counts_and_fall_silent_about_limits_without_Redis()
    {
        // Sign-ups, by address: also those that are wrong count, and other addresses do not suffer.
        for (var i = 0; i < PerAddress; i++)
            (await PostAsync(i, "signup", "192.0.2.1", "no address")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await ShouldWaitAsync(await PostAsync(0, "signup", "192.0.2.1", NewEmail()));
        await ShouldWaitAsync(await PostAsync(1, "signup", "192.0.2.1", NewEmail()));
        (await PostAsync(0, "signup", "192.0.2.2", "no address")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // Sign-ins, by e-mail address in whatever spelling, from anywhere.
        var email = NewEmail();
        for (var i = 0; i < PerEmail; i++)
            (await PostAsync(i, "signin", $"198.51.100.{i}", email)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await ShouldWaitAsync(await PostAsync(0, "signin", "203.0.113.1", email.ToUpperInvariant()));
        (await PostAsync(0, "signin", "203.0.113.1", NewEmail())).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // Sign-ins, by address: of IPv6 the half that belongs to one customer.
        for (var i = 0; i < PerAddress; i++)
            (await PostAsync(i, "signin", $"2001:db8:1:2::{i + 1}", NewEmail())).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await ShouldWaitAsync(await PostAsync(1, "signin", "2001:db8:1:2:ffff::1", NewEmail()));
        (await PostAsync(1, "signin", "2001:db8:1:3::1", NewEmail())).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // What a client claims counts only from our own proxy, and only the proxy's last word.
        await ShouldWaitAsync(await PostAsync(0, "signup", "203.0.113.9, 192.0.2.1", NewEmail()));

        await redis.KillAsync();
        (await PostAsync(0, "signup", "192.0.2.1", NewEmail())).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await PostAsync(1, "signin", "203.0.113.1", email)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var client = replicas[0].Anonymous();
        (await client.GetStringAsync("/health")).ShouldContain("\"Degraded\"");
    }

    [Fact]
    public async Task Attempts_at_the_same_time_are_each_counted()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4 * PerAddress)
            .Select(i => PostAsync(i, "signup", "192.0.2.77", "no address")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest).ShouldBe(PerAddress);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(3 * PerAddress);
    }

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.test";

    private static async Task ShouldWaitAsync(HttpResponseMessage answer)
    {
        (await answer.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests)).ShouldMatch(@"Try again in \d\d minutes\.$");
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(3000, 3600);
    }

    /// <summary>Posts to one of the replicas as Web does for the client at that address.</summary>
    private async Task<HttpResponseMessage> PostAsync(int replica, string action, string from, string email)
    {
        using var client = replicas[replica % replicas.Length].Anonymous();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        return await client.PostAsJsonAsync($"/api/users/{action}", new { email, password = "correct horse" });
    }
}
