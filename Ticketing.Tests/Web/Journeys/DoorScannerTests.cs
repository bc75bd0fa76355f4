using Microsoft.Playwright;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>The door with a scanner that types, on a slow line or one that breaks.</summary>
[Collection(typeof(JourneyCollection))]
public sealed class DoorScannerTests(RunningPlatform platform)
{
    [Fact]
    public async Task Codes_that_come_faster_than_their_answers_are_all_judged_and_shown()
    {
        await using var seller = await platform.VisitAsync();
        var (ticket, codes) = await SellAsync(seller, 2);
        await AtTheDoorAsync(seller, ticket);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await seller.Page.RouteAsync("**/checkin/**", async route =>
        {
            asked.TrySetResult();
            await answer.Task;
            await route.ContinueAsync();
        });

        await ScanAsync(seller, codes[0]);
        await asked.Task;
        await ScanAsync(seller, codes[1]);
        await ScanAsync(seller, codes[0]);
        await Expect(seller.Page.GetByText("2 more are waiting for their result.")).ToBeVisibleAsync();
        answer.SetResult();

        await Expect(Result(seller, "valid")).ToHaveCountAsync(2);
        // Told first, since it came last; and when that was.
        await Expect(seller.Page.Locator(".said > :first-child")).ToContainTextAsync("ago");
        await Expect(Result(seller, "used")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_asked_for_again_and_is_still_valid()
    {
        await using var seller = await platform.VisitAsync();
        var (ticket, codes) = await SellAsync(seller, 1);
        await AtTheDoorAsync(seller, ticket);
        var lost = 0;
        await seller.Page.RouteAsync("**/checkin/**", async route =>
        {
            if (Interlocked.Increment(ref lost) > 1)
            {
                await route.ContinueAsync();
                return;
            }
            // It was done, and nobody hears of it.
            (await route.FetchAsync()).Status.ShouldBe(200);
            await route.AbortAsync();
        });

        await ScanAsync(seller, codes[0]);

        await Expect(Result(seller, "valid")).ToHaveCountAsync(1);
        lost.ShouldBe(2);
        await Expect(seller.Page.GetByRole(AriaRole.Region, new() { Name = "Who is in" })).ToContainTextAsync("1 of 1");
        await ScanAsync(seller, codes[0]);
        await Expect(Result(seller, "used")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_keyboard_that_changes_what_a_scanner_types_is_named()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        await AtTheDoorAsync(seller, await seller.ListAsync($"Concert {Guid.NewGuid():N}", "20", 1));

        await ScanAsync(seller, "ezJhbGciOiJFUyI1NiIsImtpZCI6IngifQ");

        await Expect(Result(seller, "malformed")).ToContainTextAsync("the same keyboard layout");
        // It is there to be mended, and the next scan takes its place.
        await ScanAsync(seller, "0000-0000-0000");
        await Expect(Result(seller, "unknown")).ToContainTextAsync("0000-0000-0000");
    }

    private static async Task<(string Ticket, IReadOnlyList<string> Codes)> SellAsync(Visitor seller, int quantity)
    {
        await seller.SignUpAsync();
        var ticket = await seller.ListAsync($"Concert {Guid.NewGuid():N}", "20", 5);
        var order = (await seller.ReserveAsync(ticket, quantity)).Split('/')[^1];
        (await seller.Context.APIRequest.PostAsync("/api/payments", new() { DataObject = new { orderId = order, token = "tok_visa" } }))
            .Status.ShouldBe(201);
        List<string> codes = [];
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await seller.Context.APIRequest.GetAsync($"/api/tickets/admissions/{order}");
            if (answer.Ok)
                codes = [.. (await answer.JsonAsync())!.Value.EnumerateArray().Select(admission => admission.GetProperty("token").GetString()!)];
            return answer.Ok;
        }, "the order has tickets");
        return (ticket, codes);
    }

    private static async Task AtTheDoorAsync(Visitor seller, string ticket) =>
        await seller.Page.GotoAsync(ticket.Replace("/tickets/", "/checkin/", StringComparison.Ordinal));

    /// <summary>As a scanner types: into whatever has the focus, with Enter at the end.</summary>
    private static async Task ScanAsync(Visitor seller, string code)
    {
        await seller.Page.Keyboard.InsertTextAsync(code);
        await seller.Page.Keyboard.PressAsync("Enter");
    }

    private static ILocator Result(Visitor seller, string outcome) => seller.Page.Locator($"[data-outcome='{outcome}']");
}
