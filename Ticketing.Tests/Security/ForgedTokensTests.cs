using System.Net;
using System.Text;
using Shouldly;
using Ticketing.Reliability.Fuzzing;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web;
using Xunit;

namespace Ticketing.Tests.Security;

/// <summary>Every route that needs a session, as the OpenAPI documents list them, against every forged token.</summary>
[Collection(typeof(MarketplaceCollection))]
public sealed class ForgedTokensTests(Marketplace market)
{
    /// <summary>All that anybody may call. A new route is either added here or refuses everybody without a session.</summary>
    private static readonly string[] Open =
    [
        "GET /.well-known/jwks.json", "GET /.well-known/openid-configuration", "GET /api/tickets", "GET /api/tickets/{id}",
        "GET /api/tickets/admissions/jwks.json", "GET /api/users/currentuser", "POST /api/payments/webhook", "POST /api/users/refresh", "POST /api/users/signin",
        "POST /api/users/signout", "POST /api/users/signup",
    ];

    private IEnumerable<Route> Closed => market.Routes.Where(route => !Open.Contains(route.Name));

    [Fact]
    public async Task Nobody_gets_into_a_route_that_needs_a_session()
    {
        Open.ShouldBeSubsetOf(market.Routes.Select(route => route.Name));
        Closed.Count().ShouldBeGreaterThanOrEqualTo(11);
        using var client = market.Web.Anonymous();
        foreach (var route in Closed)
        {
            using var request = Request(route, market.Web.Address);
            await (await client.SendAsync(request)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Every_forged_token_is_401_on_every_route_in_the_header_and_the_cookie_at_the_site_and_past_it()
    {
        using var client = market.Web.Anonymous();
        var forgeries = Forgeries.Of(market).ToList();
        forgeries.Count.ShouldBeGreaterThan(20);
        // The control: the token that they are made of is good.
        using var good = Request(Closed.First(route => route.Name == "GET /api/orders"), market.Web.Address, Forgeries.Good(market));
        (await client.SendAsync(good)).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var route in Closed)
        {
            foreach (var (name, token) in forgeries)
            {
                using var atTheSite = Request(route, market.Web.Address, token);
                (await client.SendAsync(atTheSite)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{route.Name}, {name}");
                using var past = Request(route, BehindTheSite(route));
                past.Headers.TryAddWithoutValidation("Cookie", $"session={token}");
                (await client.SendAsync(past)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{route.Name}, {name}, cookie");
            }
        }
    }

    [Fact]
    public async Task Two_authorizations_are_none_even_if_both_are_good()
    {
        foreach (var route in Closed)
        {
            foreach (var site in new[] { market.Web.Address, BehindTheSite(route) })
            {
                var field = $"Authorization: Bearer {Forgeries.Good(market)}";
                var answer = await RawHttp.SendAsync(site,
                    [$"{route.Method} {Path(route)} HTTP/1.1", $"Host: {site.Authority}", "Content-Length: 0", field, field]);
                answer.ShouldStartWith("HTTP/1.1 401", customMessage: route.Name);
            }
        }
    }

    /// <summary>A page of another site has the visitor's cookie, and must not get anything done with it.</summary>
    [Fact]
    public async Task Every_change_with_a_cookie_from_another_site_is_403()
    {
        using var client = market.Web.Anonymous();
        foreach (var route in market.Routes.Where(route => route.Changes && route.Path != "/api/payments/webhook"))
        {
            foreach (var (name, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site") })
            {
                using var request = Request(route, market.Web.Address);
                request.Headers.Add("Cookie", $"session={Forgeries.Good(market)}");
                request.Headers.Add(name, value);
                (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{route.Name}, {name}");
            }
        }
    }

    /// <summary>Who answers it behind the site; the waiting room is the site's own.</summary>
    private Uri BehindTheSite(Route route) =>
        route.Path.StartsWith("/api/orders/queue/", StringComparison.Ordinal) ? market.Web.Address : market.Services[route.Path.Split('/')[2]];

    private static string Path(Route route) => route.PathOf(Guid.CreateVersion7().ToString());

    private static HttpRequestMessage Request(Route route, Uri site, string? token = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(site, Path(route)));
        if (route.Changes)
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return request;
    }
}
