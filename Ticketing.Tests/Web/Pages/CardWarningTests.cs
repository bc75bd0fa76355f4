using System.Globalization;
using System.Net;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>A seller learns, while the price is set, which orders of the listing no card can pay. Nothing is refused.</summary>
public sealed class CardWarningTests(WebSite site) : PagesTests(site)
{
    [Theory]
    [InlineData("0.10", 5, "usd", "A card needs at least 5 of these in one order.")]
    [InlineData("0.49", 2, "usd", "A card needs at least 2 of these in one order.")]
    [InlineData("0.20", 5, "gbp", "A card needs at least 2 of these in one order.")]
    [InlineData("0.10", 4, "usd", "A card pays at least $0.50 in one order, so nobody can buy these.")]
    [InlineData("0.04", 100, "usd", "A card pays at least $0.50 in one order, so nobody can buy these.")]
    [InlineData("100000", 100, "usd", "A card can pay for at most 9 of these in one order.")]
    [InlineData("1000000", 1, "eur", "A card pays at most €999,999.99 in one order, so nobody can buy these.")]
    [InlineData("0.30", 1, "gbp", "")]
    [InlineData("0.50", 100, "usd", "")]
    [InlineData("100000", 9, "usd", "")]
    public async Task Of_a_listing_that_a_card_cannot_pay_in_every_quantity_its_seller_is_told(string price, int quantity, string currency, string warning)
    {
        var listing = Ticket(seller: UserId, price: decimal.Parse(price, CultureInfo.InvariantCulture)) with { Quantity = quantity, Currency = currency };
        Site.Tickets.Answers(Json(listing));

        using var browser = SignedIn();
        foreach (var (form, done) in ((string, string)[])[("/tickets/new", "Your tickets are on sale."), ($"/tickets/{listing.Id}/edit", "Your changes are saved.")])
        {
            await browser.SubmitAsync(form, ("Form.Title", "Hamlet"), ("Form.Price", price), ("Form.Quantity", $"{quantity}"));
            WebUtility.HtmlDecode(await browser.ReadAsync($"/tickets/{listing.Id}")).ShouldContain($"<p>{$"{done} {warning}".TrimEnd()}</p>");
        }
    }

    [Fact]
    public async Task The_form_says_it_in_German_too()
    {
        using var browser = SignedIn();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de", ["back"] = "/" });

        var page = await browser.ReadAsync("/tickets/new");

        page.ShouldContain("data-at-least=\"Für eine Kartenzahlung braucht es mindestens {0} dieser Tickets in einer Bestellung.\"");
        page.ShouldContain("data-smallest=\"50\" data-largest=\"99999999\"");
    }
}
