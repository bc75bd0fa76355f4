using System.Net;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

[Collection(typeof(WebCollection))]
public sealed class ForwardedPathsTests(WebSite site)
{
    [Theory]
    [InlineData("/.well-known/jwks.json", "auth")]
    [InlineData("/api/users/currentuser", "auth")]
    [InlineData("/api/tickets", "tickets")]
    [InlineData("/api/tickets/abc", "tickets")]
    [InlineData("/api/orders?limit=5&cursor=a%2Bb", "orders")]
    [InlineData("/api/payments/abc", "payments")]
    public async Task Each_path_goes_to_its_owner_as_it_is(string path, string owner)
    {
        foreach (var stub in Stubs.Values)
            stub.Answers(_ => Task.CompletedTask);

        using var client = site.Web.Anonymous();
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);

        Stubs[owner].Arrived.ShouldBe([$"GET {path}"]);
        Stubs.Where(stub => stub.Key != owner).ShouldAllBe(stub => stub.Value.Arrived.IsEmpty);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/nothing")]
    [InlineData("/api/ticketsx/1")]
    public async Task A_path_that_nobody_owns_is_404(string path)
    {
        using var client = site.Web.Anonymous();
        await (await client.GetAsync(path)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.PostAsync(path, new StringContent("{}"))).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/internal/orders")]
    [InlineData("/api/../internal/orders")]
    [InlineData("/api/orders/../../internal/orders")]
    [InlineData("/api/orders/%2e%2e/%2e%2e/internal/orders")]
    [InlineData("/api/orders/%252e%252e/%252e%252e/internal/orders")]
    [InlineData("/api/orders/..%2f..%2finternal%2forders")]
    [InlineData("/api/orders/..%252f..%252finternal/orders")]
    [InlineData("/api/orders/..\\..\\internal\\orders")]
    [InlineData("/api/orders/..%5c..%5cinternal%5corders")]
    [InlineData("/api/orders/%c0%ae%c0%ae/%c0%ae%c0%ae/internal")]
    [InlineData("/api/orders//../../internal/orders")]
    [InlineData("/api/orders/x?a=/../../../internal")]
    [InlineData("/api%2forders%2f..%2finternal")]
    [InlineData("//internal/orders")]
    public async Task No_path_gets_out_of_its_place(string target)
    {
        // What a service would make of the target: Kestrel, too, takes dots and encoded dots for what they mean.
        var served = new List<string>();
        foreach (var stub in Stubs.Values)
            stub.Answers(context => { lock (served) served.Add(context.Request.Path.Value!); return Task.CompletedTask; });

        await RawHttp.GetAsync(site.Web.Address, target);

        served.ShouldAllBe(path => path.StartsWith("/api/orders/"));
        served.ShouldNotContain(path => path.StartsWith("/internal", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("a%252Fb")]
    [InlineData("%C3%BC")]
    [InlineData("%25")]
    public async Task A_strange_id_arrives_as_one_strange_id(string id, string? arrives = null)
    {
        site.Tickets.Answers(_ => Task.CompletedTask);

        await RawHttp.GetAsync(site.Web.Address, $"/api/tickets/{id}");

        site.Tickets.Arrived.ShouldBe([$"GET /api/tickets/{arrives ?? id}"]);
    }

    private Dictionary<string, StubService> Stubs => new()
    {
        ["auth"] = site.Auth,
        ["tickets"] = site.Tickets,
        ["orders"] = site.Orders,
        ["payments"] = site.Payments,
    };
}
