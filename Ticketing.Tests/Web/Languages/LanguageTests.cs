using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Web.Live;
using Ticketing.Tests.Web.Pages;
using Ticketing.Web.Languages;
using Xunit;
using Say = Ticketing.Web.Pages.Words;

namespace Ticketing.Tests.Web.Languages;

public sealed class LanguageTests(WebSite site) : PagesTests(site)
{
    private const string Cookie = "language=c%3Dde%7Cuic%3Dde";

    [Theory]
    [InlineData(null, null, "en")]
    [InlineData(null, "de", "de")]
    [InlineData(null, "de-AT,en;q=0.5", "de")]
    [InlineData(null, "en-GB,de;q=0.5", "en")]
    [InlineData(null, "fr-FR,de;q=0.5", "de")]
    [InlineData(null, "fr, *", "en")]
    [InlineData(null, "x;;q=?,", "en")]
    [InlineData("language=c%3Den%7Cuic%3Den", "de", "en")]
    [InlineData(Cookie, "en", "de")]
    [InlineData("language=nonsense", "de", "de")]
    public async Task A_page_is_in_the_chosen_language_or_in_the_browsers(string? cookie, string? accepted, string language)
    {
        using var client = Site.Web.Anonymous();
        if (cookie is not null)
            client.DefaultRequestHeaders.Add("Cookie", cookie);
        if (accepted is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", accepted);

        var page = await client.GetStringAsync("/signin");

        page.ShouldContain($"<html lang=\"{language}\">");
        page.ShouldContain(language == "de" ? "<h1>Anmelden</h1>" : "<h1>Sign in</h1>");
        page.ShouldContain(language == "de" ? ">Passwort</label>" : ">Password</label>");
    }

    [Fact]
    public async Task The_switch_on_every_page_remembers_the_language_and_comes_back()
    {
        using var browser = Anonymous();
        (await browser.ReadAsync("/signin?returnUrl=%2F")).ShouldContain("name=\"back\" value=\"/signin?returnUrl=%2F\"");

        var answer = await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de", ["back"] = "/signin?returnUrl=%2F" });

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/signin?returnUrl=%2F");
        (await browser.ReadAsync("/signin")).ShouldContain("<h1>Anmelden</h1>");
        (await (await browser.GetAsync("/nothing")).Content.ReadAsStringAsync()).ShouldContain("<html lang=\"de\">");
    }

    [Theory]
    [InlineData("de", "//evil.example", HttpStatusCode.Redirect, "/")]
    [InlineData("de", "https://evil.example/", HttpStatusCode.Redirect, "/")]
    [InlineData("xx", "/", HttpStatusCode.BadRequest, null)]
    [InlineData("", "/", HttpStatusCode.BadRequest, null)]
    public async Task The_switch_knows_its_languages_and_leads_to_no_other_site(string language, string back, HttpStatusCode status, string? location)
    {
        using var browser = Anonymous();
        var answer = await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language, ["back"] = back });

        answer.StatusCode.ShouldBe(status);
        answer.Headers.Location?.ToString().ShouldBe(location);
    }

    [Theory]
    [InlineData("Too many attempts. Try again in 42 seconds.", "Zu viele Versuche. Versuchen Sie es in 42 Sekunden noch einmal.")]
    [InlineData("A price is above 0 and at most 1,000,000.", "Ein Preis liegt über 0 und höchstens bei 1.000.000.")]
    [InlineData(
        "A card cannot pay 0.29 GBP: the least is 0.30 GBP in one order.",
        "Mit Karte kann man 0,29 GBP nicht bezahlen: Der Mindestbetrag einer Bestellung ist 0,30 GBP.")]
    [InlineData(
        "A card cannot pay 1,000,000.00 USD: the most is 999,999.99 USD in one order.",
        "Mit Karte kann man 1.000.000,00 USD nicht bezahlen: Der Höchstbetrag einer Bestellung ist 999.999,99 USD.")]
    [InlineData("Unheard of.", "Unheard of.")]
    public async Task What_a_service_refuses_is_said_in_the_pages_language(string said, string shown)
    {
        Site.Auth.Answers(Problem(400, (said, null), ("The password is missing.", "password")));

        using var browser = Anonymous();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de" });
        var page = await browser.ReadAnswerAsync("/signin", ("Form.Email", "a"), ("Form.Password", ""));

        page.ShouldContain(shown);
        page.ShouldContain(">Das Passwort fehlt.</p>");
    }

    [Theory]
    [MemberData(nameof(Currencies))]
    public void An_amount_that_no_card_can_pay_is_said_in_German_in_every_currency(string currency)
    {
        foreach (var amount in (long[])[1, ChargeLimits.Largest + 1])
        {
            var said = ChargeLimits.Explain(amount, currency)!;
            Cultures.Say(Cultures.German, () => Texts.Message(said)).ShouldStartWith("Mit Karte kann man ");
        }
    }

    public static TheoryData<string> Currencies => [.. ChargeLimits.Currencies];

    [Fact]
    public async Task What_is_pushed_to_a_page_is_in_its_language()
    {
        var buyer = Guid.CreateVersion7();
        var session = Site.Platform.Users.TokenFor(buyer, Site.Platform.Clock.GetUtcNow());
        await using var german = await LiveSocket.ConnectAsync(Site.Web.Address, session, cookie: Cookie);
        await using var english = await LiveSocket.ConnectAsync(Site.Web.Address, session);
        await german.InvokeAsync("WatchOrders");
        await english.InvokeAsync("WatchOrders");

        await Site.Platform.Broker.PublishAsync(new PaymentFailed(new(
            Guid.CreateVersion7(), Guid.CreateVersion7(), buyer, "pi_1", 1, PaymentStatus.Pending, 7000, "usd", "Your card was declined.",
            DateTimeOffset.UnixEpoch, 2)));

        Words(await german.NextAsync()).ShouldBe("Ihre Karte wurde abgelehnt.");
        Words(await english.NextAsync()).ShouldBe("Your card was declined.");

        static string Words((string Name, JsonNode Argument) message) => message.Argument["message"]!.ToString();
    }

    [Theory]
    [InlineData("19.99", "usd", "19,99\u00a0$")]
    [InlineData("1000000", "eur", "1.000.000,00\u00a0€")]
    [InlineData("5", "cad", "5,00\u00a0CAD")]
    public void Money_is_written_as_Germans_do(string amount, string currency, string words) =>
        Cultures.Say(Cultures.German, () => Say.Money(decimal.Parse(amount, CultureInfo.InvariantCulture), currency)).ShouldBe(words);

    [Fact]
    public void The_language_of_one_who_is_told_is_not_that_of_who_tells()
    {
        Cultures.Say(Cultures.German, () => Say.Left(4000)).ShouldBe("Noch 4.000 Tickets");
        Say.Left(4000).ShouldBe("4,000 tickets left");
    }
}
