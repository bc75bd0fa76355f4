using System.Net;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Security;

/// <summary>Methods and addresses that there are not, at the site and at each service itself, and HEAD, which is GET without a body.</summary>
[Collection(typeof(MarketplaceCollection))]
public sealed class MethodsTests(Marketplace market)
{
    [Fact]
    public async Task An_address_that_there_is_not_is_404_for_a_guest_too()
    {
        using var client = market.Web.Anonymous();
        foreach (var path in new[] { "/api", "/api/nothing", "/api/users/nothing", "/api/tickets/a/b/c", "/api/orders/a/b", "/api/payments/a/b", "/.well-known/nothing" })
            await (await client.GetAsync(path)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        foreach (var (name, service) in market.Services)
        {
            foreach (var path in new[] { "/", "/nothing", "/api/nothing", $"/api/{name}/a/b/c" })
                await (await client.GetAsync(new Uri(service, path))).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_method_that_a_route_has_not_is_405_for_a_guest_too()
    {
        using var client = market.Web.Anonymous();
        foreach (var path in market.Routes.Select(route => route.PathOf(Guid.CreateVersion7().ToString())).Distinct())
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Patch, HttpMethod.Trace, new("CHEESE")])
            {
                foreach (var at in Places(path))
                    await (await client.SendAsync(new(method, at))).ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
            }
        }
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_a_body()
    {
        var user = Guid.CreateVersion7();
        var ticket = await market.ListAsync(user);
        foreach (var client in new[] { market.Web.Anonymous(), market.Web.As(user) })
        {
            foreach (var path in market.Routes.Where(route => route.Method == "GET").Select(route => route.PathOf(ticket.Id.ToString())).Append("/openapi/v1.json"))
            {
                foreach (var at in Places(path))
                {
                    using var get = await client.GetAsync(at);
                    using var head = await client.SendAsync(new(HttpMethod.Head, at));
                    head.StatusCode.ShouldBe(get.StatusCode, $"{at}");
                    head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType, $"{at}");
                    head.Headers.ETag.ShouldBe(get.Headers.ETag, $"{at}");
                    (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty($"{at}");
                }
            }
            client.Dispose();
        }
    }

    /// <summary>The address at the site, and at the service that it is forwarded to.</summary>
    private IEnumerable<Uri> Places(string path)
    {
        yield return new(market.Web.Address, path);
        if (path.StartsWith("/.well-known/", StringComparison.Ordinal))
            yield return new(market.Services["users"], path);
        else if (path.StartsWith("/api/", StringComparison.Ordinal) && !path.Contains("/queue/", StringComparison.Ordinal))
            yield return new(market.Services[path.Split('/')[2]], path);
    }
}
