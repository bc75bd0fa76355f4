using Shouldly;
using Xunit;

namespace Ticketing.Tests.Security;

/// <summary>The host that a request names is its sender's word: no address is made of it.</summary>
[Collection(typeof(MarketplaceCollection))]
public sealed class RequestHostTests(Marketplace market)
{
    private const string Evil = "evil.example";

    private static readonly string[] Pages =
    [
        "/", "/?q=a", "/signin", "/signup", "/offline", "/tickets/new", "/orders", "/selling", "/selling/sales.csv", "/notifications", "/account",
        "/account/data", "/docs", "/docs/", "/nothing", "/error/500", "/robots.txt", "/health", "/alive", "/live/tickets",
        "/openapi/auth.json", "/openapi/tickets.json", "/openapi/orders.json", "/openapi/payments.json", "/openapi/v1.json",
        "/.well-known/change-password", "/.well-known/nothing", "/api/nothing", "/api/tickets?limit=1",
    ];

    [Fact]
    public async Task No_answer_of_any_route_or_page_repeats_it_to_anybody()
    {
        var user = Guid.CreateVersion7();
        var ticket = await market.ListAsync(user);
        await market.ListAsync(user);
        var order = await market.OrderAsync(user, ticket);
        var routes = market.Routes.Where(route => route.Method == "GET")
            .Select(route => route.PathOf((route.IsAboutListing ? ticket.Id : order.Id).ToString()));
        string[] paths =
        [
            .. Pages, .. routes, $"/tickets/{ticket.Id}", $"/tickets/{ticket.Id}/edit", $"/tickets/{ticket.Id}/queue", $"/checkin/{ticket.Id}",
            $"/orders/{order.Id}", $"/orders/{order.Id}/print", $"/orders/{order.Id}/calendar.ics",
        ];

        foreach (var client in new[] { market.Web.Anonymous(), market.Web.As(user) })
        {
            using (client)
            {
                foreach (var path in paths)
                    (await AnswerAsync(client, path)).ShouldNotContain(Evil, customMessage: path);
            }
        }
    }

    private static async Task<string> AnswerAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = Evil;
        using var answer = await client.SendAsync(request);
        return $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync()}";
    }
}
