using Shouldly;
using Ticketing.Reliability.Fuzzing;
using Xunit;

namespace Ticketing.Tests.Security;

/// <summary>The short run of <c>Ticketing.Reliability fuzz</c>.</summary>
[Collection(typeof(MarketplaceCollection))]
public sealed class FuzzTests(Marketplace market)
{
    private const int Requests = 1_000;
    private const int Lanes = 2;
    private const int Seed = 1;

    [Fact]
    public async Task A_thousand_hostile_requests_are_each_answered_and_change_nothing()
    {
        var fuzzer = new Fuzzer(market.Web.Address, market.Routes, Seed, maxSeconds: null);

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async number =>
        {
            var users = new Dictionary<string, Guid>();
            using var lane = new Lane(market.Web.Address, (name, _) => Task.FromResult(
                market.Token(users.TryGetValue(name, out var id) ? id : users[name] = Guid.CreateVersion7())));
            await fuzzer.RunAsync(lane, Enumerable.Range(0, Requests).Where(n => n % Lanes == number), TestContext.Current.CancellationToken);
        }));

        fuzzer.Findings.Select(finding => $"{finding.Number} {finding.What}: {finding.Request.ToCommand(market.Web.Address)}").ShouldBeEmpty();
        fuzzer.Sent.ShouldBe(Requests);
        // It does get somewhere: most routes took something.
        fuzzer.Tallies.Count.ShouldBe(market.Routes.Count);
        fuzzer.Tallies.Values.Count(tally => tally.Accepted > 0).ShouldBeGreaterThan(market.Routes.Count / 2);
    }

    [Theory]
    [InlineData(500, "application/problem+json", """{"status":500,"errors":[{"message":"x"}]}""", "answered 500")]
    [InlineData(400, "text/html", "<p>no</p>", "answered 400 as 'text/html'")]
    [InlineData(400, "application/problem+json", """{"status":400,"errors":[]}""", "has no errors in the problem")]
    [InlineData(400, "application/problem+json", """{"status":400,"errors":[{"message":"Npgsql.PostgresException"}]}""", "told of its inner workings: Npgsql")]
    [InlineData(200, "application/json", "{", "is no JSON")]
    [InlineData(200, "application/json", "[]", "served a session route without a session")]
    [InlineData(401, "application/problem+json", """{"status":401,"errors":[{"message":"x"}]}""", null)]
    [InlineData(0, "", "", "hung up without an answer")]
    public void The_judge_sees_what_is_wrong(int status, string type, string body, string? fault)
    {
        var route = new Route("GET", "/api/orders", [], [], null);
        var request = new RawRequest { Method = "GET", Target = "/api/orders?limit=1" };
        var headers = new Dictionary<string, string> { ["Content-Type"] = type, ["Content-Security-Policy"] = "x" };
        var answer = new RawAnswer(status, headers, System.Text.Encoding.UTF8.GetBytes(body), TimeSpan.Zero);

        Judge.FindFault(route, request, answer, signedIn: body == "{", maxSeconds: null).ShouldBe(fault);
    }
}
