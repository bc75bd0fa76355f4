using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.CheckIn;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>The page at which a seller lets people in.</summary>
public sealed partial class DoorTests(WebSite site) : PagesTests(site)
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 19, 2, 0, TimeSpan.Zero);

    private TicketResponse Mine { get; } = Ticket(seller: UserId);

    [Fact]
    public async Task A_good_code_is_valid_and_the_last_few_are_listed()
    {
        Answers(Json(new CheckInResponse("7K3M-X9QH-2RTV", 1, 2, At), 201));

        using var browser = SignedIn();
        var page = await browser.ReadAnswerAsync($"/checkin/{Mine.Id}", ("Form.Code", "7k3m x9qh 2rtv"));

        page.ShouldContain("data-outcome=\"valid\"");
        page.ShouldContain("<h2>Valid</h2>");
        page.ShouldContain("<strong>3 of 1,200</strong>");
        page.ShouldContain("<span class=\"code\">ZZZZ-ZZZZ-ZZZZ</span>");
        page.ShouldNotContain("7k3m x9qh 2rtv", Case.Sensitive, "the field is for the next one");
        page.ShouldContain("<title>Check-in: Hamlet");
    }

    [Fact]
    public async Task The_door_of_a_listing_that_was_withdrawn_opens()
    {
        Site.Tickets.Answers(context => !context.Request.Path.Value!.EndsWith("/check-ins", StringComparison.Ordinal)
            ? Problem(404, ("Ticket not found.", null))(context)
            : HttpMethods.IsPost(context.Request.Method)
                ? Json(new CheckInResponse("7K3M-X9QH-2RTV", 1, 2, At), 201)(context)
                : Json(new CheckInsResponse(1, 2, [], Mine.Title))(context));

        using var browser = SignedIn();
        (await browser.ReadAsync($"/checkin/{Mine.Id}")).ShouldContain("<title>Check-in: Hamlet");
        (await browser.ReadAnswerAsync($"/checkin/{Mine.Id}", ("Form.Code", "7K3M-X9QH-2RTV"))).ShouldContain("data-outcome=\"valid\"");
    }

    [Theory]
    [InlineData(CheckInRefusal.Used, "Already used at")]
    [InlineData(CheckInRefusal.Forged, "This code is forged")]
    [InlineData(CheckInRefusal.Foreign, "This ticket is for another event.")]
    [InlineData(CheckInRefusal.Refunded, "This ticket was taken back")]
    [InlineData(CheckInRefusal.Unknown, "No ticket has this code.")]
    [InlineData(CheckInRefusal.Malformed, "This is no ticket code, or not a whole one.")]
    public async Task A_refused_code_says_why(string reason, string words)
    {
        Answers(context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync(JsonSerializer.Serialize(
                new
                {
                    errors = new[] { new ApiError("No.") },
                    reason,
                    checkedInAt = reason == CheckInRefusal.Used ? At : (DateTimeOffset?)null,
                    secondsAgo = reason == CheckInRefusal.Used ? 75 : (int?)null,
                    door = reason == CheckInRefusal.Used ? "North entrance" : null,
                },
                JsonConventions.Options));
        });

        using var browser = SignedIn();
        var page = await browser.ReadAnswerAsync($"/checkin/{Mine.Id}", ("Form.Code", "7K3M-X9QH-2RTV"));

        page.ShouldContain($"data-outcome=\"{reason}\"");
        page.ShouldContain(words);
        page.Contains("datetime=\"2026-11-21T19:02:00Z\"", StringComparison.Ordinal).ShouldBe(reason == CheckInRefusal.Used);
        page.Contains("75 seconds ago · <bdi>North entrance</bdi>", StringComparison.Ordinal).ShouldBe(reason == CheckInRefusal.Used);
        // What cannot be judged is kept, to be mended.
        page.Contains("value=\"7K3M-X9QH-2RTV\"", StringComparison.Ordinal).ShouldBe(reason == CheckInRefusal.Malformed);
    }

    /// <summary>A form that is sent again, since its answer was lost, has the same attempt; the page's next form another.</summary>
    [Fact]
    public async Task A_form_names_its_attempt_and_its_door()
    {
        var asked = new List<JsonNode>();
        Answers(Keep(asked, Json(new CheckInResponse("7K3M-X9QH-2RTV", 1, 2, At), 201)));
        using var browser = SignedIn();
        var path = $"/checkin/{Mine.Id}";

        var form = await browser.ReadAsync(path);
        var attempt = Attempt().Match(form).Groups[1].Value;
        var next = await browser.ReadAnswerAsync(path, ("Form.Code", "7K3M-X9QH-2RTV"), ("Form.Attempt", attempt), ("Form.Door", "North"));
        await browser.ReadAnswerAsync(path, ("Form.Code", "7K3M-X9QH-2RTV"), ("Form.Attempt", attempt), ("Form.Door", "North"));

        asked.Count.ShouldBe(2);
        asked.ShouldAllBe(body => body["attempt"]!.ToString() == attempt && body["door"]!.ToString() == "North");
        Attempt().Match(next).Groups[1].Value.ShouldNotBeOneOf(attempt, "");
        next.ShouldContain("value=\"North\"");
    }

    [Theory]
    [InlineData("ezJhbGciOiJFUyI1NiJ9", true)]
    [InlineData("EYjHBgCIoIjfuZi1nIj9", true)]
    [InlineData("eyJhbGciOiJFUyI1NiJ9.eyJqdGkiOiI3Szß", true)]
    [InlineData("7K3MßX9QHß2RT", true)]
    [InlineData("eyJhbGciOiJFUyI1NiJ9.eyJqdGki", false)]
    [InlineData("7K3M-X9QH-2RT", false)]
    [InlineData("https://tickets.example/z", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_keyboard_that_changed_what_a_scanner_typed_is_recognized(string? text, bool changed) =>
        ScannerKeyboard.Changed(text).ShouldBe(changed);

    [Fact]
    public async Task Nothing_typed_is_said_at_the_field()
    {
        Answers(Problem(400, ("Scan or type a ticket's code (1–1,000 characters).", "code")));

        using var browser = SignedIn();
        var page = await browser.ReadAnswerAsync($"/checkin/{Mine.Id}", ("Form.Code", ""));

        page.ShouldContain("aria-invalid=\"true\"");
        page.ShouldContain("class=\"error\"");
    }

    [Fact]
    public async Task Only_its_seller_stands_at_the_door()
    {
        var other = Ticket();
        Site.Tickets.Answers(context => context.Request.Path.Value!.EndsWith("/check-ins", StringComparison.Ordinal)
            ? Problem(401, ("This belongs to another user.", null))(context)
            : Json(other)(context));

        using var browser = SignedIn();
        (await browser.GetAsync($"/checkin/{other.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [GeneratedRegex("name=\"Form.Attempt\" value=\"([^\"]+)\"")]
    private static partial Regex Attempt();

    /// <summary>Check-ins are answered like this, and the list of them has three.</summary>
    private void Answers(RequestDelegate checkIn) => Site.Tickets.Answers(context =>
        !context.Request.Path.Value!.EndsWith("/check-ins", StringComparison.Ordinal) ? Json(Mine)(context)
        : HttpMethods.IsPost(context.Request.Method) ? checkIn(context)
        : Json(new CheckInsResponse(3, 1200, [new("ZZZZ-ZZZZ-ZZZZ", 1, 1, At.AddMinutes(-5))], Mine.Title))(context));
}
