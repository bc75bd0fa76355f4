using System.Net;
using Shouldly;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web;

[Collection(typeof(WebCollection))]
public sealed class HealthTests(WebSite site)
{
    [Fact]
    public async Task A_Redis_that_hangs_is_told_and_does_not_take_the_site_away()
    {
        await using var redis = await TestServer.StartRedisAsync();
        await using var web = site.Start(("ConnectionStrings:redis", redis.ConnectionString));
        await WebSite.IsHealthyAsync(web);
        using var client = web.Anonymous();
        // Far more than the 2 s within which it answers, and far less than a command that hangs.
        client.Timeout = TimeSpan.FromSeconds(8);

        Posix.Kill(redis.ProcessId, Signal.Stop);
        try
        {
            await Eventually.HoldsAsync(async () => await client.GetAsync("/health") is { StatusCode: HttpStatusCode.OK } answer
                && (await answer.Content.ReadAsStringAsync()).Contains("\"redis\":{\"status\":\"Degraded\",\"description\":\"Redis does not answer.\"", StringComparison.Ordinal),
                "it says what is wrong and serves on");
        }
        finally
        {
            Posix.Kill(redis.ProcessId, Signal.Continue);
        }
    }

    [Fact]
    public async Task The_site_is_up_once_every_service_was_and_only_degraded_when_one_goes_away()
    {
        await using var expiration = await StubService.StartAsync();
        expiration.Healthy = false;
        await using var web = site.Start(("services:expiration:http:0", expiration.Address.ToString()));
        using var client = web.Anonymous();

        await Eventually.HoldsAsync(async () => await HealthAsync() is (HttpStatusCode.ServiceUnavailable, var body)
            && body.Contains("Not there: expiration.", StringComparison.Ordinal), "only Expiration is missing");
        (await client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);

        expiration.Healthy = true;
        await Eventually.HoldsAsync(async () => (await HealthAsync()).Status == HttpStatusCode.OK, "all is up");

        expiration.Healthy = false;
        await Eventually.HoldsAsync(async () => await HealthAsync() is (HttpStatusCode.OK, var body)
            && body.StartsWith("{\"status\":\"Degraded\"", StringComparison.Ordinal), "the site serves on");

        async Task<(HttpStatusCode Status, string Body)> HealthAsync()
        {
            var answer = await client.GetAsync("/health");
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }
}
