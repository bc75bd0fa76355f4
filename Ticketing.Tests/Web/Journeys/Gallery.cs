using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>Every page of the site in every state that it has, filled as on a good day.</summary>
internal sealed class Gallery : IAsyncDisposable
{
    private const string GoodToken = "tok_visa";

    private static readonly (string Title, string Venue, decimal Price, int Quantity)[] Programme =
    [
        ("Midnight Orchestra", "Elbphilharmonie, Hamburg", 89m, 240), ("The Paper Kites", "Paradiso, Amsterdam", 34.5m, 3),
        ("Hamlet", "Shakespeare’s Globe, London", 42m, 12), ("Northern Lights Festival 2027", "Tromsø", 149m, 1800),
        ("Stand-up: A Night with Nobody", "Comedy Cellar, New York", 25m, 40), ("Bach by Candlelight", "Thomaskirche, Leipzig", 29.9m, 8),
        ("Derby Day", "Millerntor-Stadion, Hamburg", 38m, 2), ("Analog Synth Fair", "Kraftwerk, Berlin", 18m, 500),
        ("Ballet: The Firebird", "Opéra Garnier, Paris", 120m, 6), ("Poetry in the Park", "Hyde Park, London", 5m, 75),
        ("Champions of Jazz", "Blue Note, Milan", 55m, 1), ("Open-Air Cinema", "Museumsquartier, Vienna", 14m, 150),
    ];

    private readonly List<Visitor> visitors = [];

    private Gallery()
    {
    }

    /// <summary>Nobody in particular.</summary>
    public required Visitor Guest { get; init; }

    public required Visitor Buyer { get; init; }

    public required Visitor Seller { get; init; }

    /// <summary>A guest whose browser asks for German.</summary>
    public required Visitor German { get; init; }

    /// <summary>What each page is called, who looks at it, and how they get there.</summary>
    public IReadOnlyList<(string Name, Visitor Who, Func<Task> Go)> Views { get; private set; } = [];

    public static async Task<Gallery> OpenAsync(RunningPlatform platform)
    {
        var gallery = new Gallery
        {
            Guest = await platform.VisitAsync(), Buyer = await platform.VisitAsync(), Seller = await platform.VisitAsync(),
            German = await platform.VisitAsync(locale: "de-DE"),
        };
        gallery.visitors.AddRange([gallery.Guest, gallery.Buyer, gallery.Seller, gallery.German]);
        await gallery.Buyer.SignUpAsync();
        await gallery.Seller.SignUpAsync();
        await gallery.FillAsync(platform);
        return gallery;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in visitors)
            await visitor.DisposeAsync();
    }

    private async Task FillAsync(RunningPlatform platform)
    {
        List<string> tickets = [];
        foreach (var (index, (title, venue, price, quantity)) in Programme.Index())
            tickets.Add(await ListAsync(title, venue, price, quantity, TimeProvider.System.GetUtcNow().Date.AddDays(20 + 9 * index).AddHours(18.5)));
        var several = tickets[2];
        var last = tickets[10];
        var paid = await PaidAsync(several, 2);
        // Or its page would ask for the tickets again and again.
        await CodesAsync(paid);
        await PayAsync(await OrderAsync(tickets[0], 3));
        await PayAsync(await OrderAsync(tickets[5], 1));
        await PayAsync(await OrderAsync(tickets[8], 2));
        await PayAsync(await OrderAsync(last, 1));
        var cancelled = await OrderAsync(several, 1);
        (await Buyer.Context.APIRequest.DeleteAsync($"/api/orders/{cancelled}")).Status.ShouldBe(204);
        await NotifyAsync(platform, tickets[6]);
        var rush = await ListAsync("Farewell Tour: The Lanterns", "Waldbühne, Berlin", 95m, 5000, TimeProvider.System.GetUtcNow().Date.AddDays(150).AddHours(18), 1);
        var codes = await CodesAsync(await PaidAsync(tickets[3], 10));
        var failed = await FailedAsync(platform, several);
        var expired = await OrderAsync(several, 1);

        Views =
        [
            ("browse", Guest, At(Guest, "/")),
            ("browse-nothing-found", Guest, At(Guest, "/?q=nothing+of+the+kind")),
            ("sign-in", Guest, At(Guest, "/signin")),
            ("sign-in-refused", Guest, RefusedAsync),
            ("sign-up", Guest, At(Guest, "/signup")),
            ("not-found", Guest, At(Guest, "/nothing")),
            ("server-error", Guest, At(Guest, "/error/500")),
            ("offline", Guest, At(Guest, "/offline")),
            ("browse-german", German, At(German, "/")),
            ("ticket-german", German, At(German, $"/tickets/{several}")),
            ("sign-in-german", German, At(German, "/signin")),
            ("ticket", Buyer, At(Buyer, $"/tickets/{several}")),
            ("ticket-sold-out", Buyer, At(Buyer, $"/tickets/{last}")),
            ("queue", Buyer, InLineAsync),
            ("ticket-of-mine", Seller, At(Seller, $"/tickets/{several}")),
            ("order-reserved", Buyer, ReservedAsync),
            ("order-declined", Buyer, () => AttemptedAsync("tok_chargeDeclined")),
            ("order-bank-asks", Buyer, () => AttemptedAsync("tok_threeDSecure2Required")),
            ("order-paid", Buyer, At(Buyer, $"/orders/{paid}")),
            ("order-paid-to-print", Buyer, At(Buyer, $"/orders/{paid}/print")),
            ("order-expired", Buyer, ExpiredAsync),
            ("order-payment-failed", Buyer, At(Buyer, $"/orders/{failed}")),
            ("order-cancelled", Buyer, At(Buyer, $"/orders/{cancelled}")),
            ("orders", Buyer, At(Buyer, "/orders")),
            ("orders-none", Seller, At(Seller, "/orders")),
            ("notifications", Buyer, At(Buyer, "/notifications")),
            ("notifications-none", Seller, At(Seller, "/notifications")),
            ("sell", Seller, At(Seller, "/tickets/new")),
            ("sell-refused", Seller, MistypedAsync),
            ("edit", Seller, At(Seller, $"/tickets/{several}/edit")),
            ("selling", Seller, At(Seller, "/selling")),
            ("selling-nothing", Buyer, At(Buyer, "/selling")),
            ("check-in", Seller, At(Seller, $"/checkin/{several}")),
            ("check-in-valid", Seller, () => ShowCodeAsync(codes.Dequeue())),
            ("check-in-used", Seller, UsedCodeAsync),
            ("check-in-refused", Seller, () => ShowCodeAsync("0000-0000-0000")),
            ("not-mine", Seller, At(Seller, $"/orders/{paid}")),
            ("account", Buyer, At(Buyer, "/account")),
            ("account-email", Buyer, At(Buyer, "/account/email")),
            ("account-password", Buyer, At(Buyer, "/account/password")),
            ("account-delete", Buyer, At(Buyer, "/account/delete")),
        ];

        async Task ReservedAsync()
        {
            await Buyer.Page.GotoAsync($"/orders/{await OrderAsync(several, 1)}");
            await Expect(Buyer.Timer).ToBeVisibleAsync();
        }

        async Task InLineAsync()
        {
            foreach (var visitor in (Visitor[])[Seller, Buyer])
            {
                await Eventually.HoldsAsync(async () => (await visitor.Context.APIRequest.PostAsync(
                    "/api/orders", new() { DataObject = new { ticketId = rush, quantity = 1 } })).Status == 429, "there is a line");
            }
            await Buyer.Page.GotoAsync($"/tickets/{rush}/queue?from=12");
            await Expect(Buyer.Page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        }

        async Task ExpiredAsync()
        {
            await Buyer.Page.GotoAsync($"/orders/{expired}");
            await Buyer.SeesAsync("Expired");
        }

        async Task RefusedAsync()
        {
            await Guest.Page.GotoAsync("/signin");
            await Guest.Page.GetByLabel("Email").FillAsync(Guest.Email);
            await Guest.Page.GetByLabel("Password").FillAsync("not the password");
            await Guest.PressAsync("Sign in");
            await Expect(Guest.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }

        async Task AttemptedAsync(string token)
        {
            var order = await OrderAsync(several, 1);
            await Buyer.Context.APIRequest.PostAsync("/api/payments", new() { DataObject = new { orderId = order, token } });
            await Buyer.Page.GotoAsync($"/orders/{order}");
            await Expect(Buyer.Timer).ToBeVisibleAsync();
        }

        async Task ShowCodeAsync(string code)
        {
            await Seller.Page.GotoAsync($"/checkin/{tickets[3]}");
            await Seller.Page.GetByLabel("Ticket code").FillAsync(code);
            await Seller.Page.GetByLabel("Ticket code").PressAsync("Enter");
            await Expect(Seller.Page.Locator("[data-outcome]")).ToBeVisibleAsync();
        }

        async Task UsedCodeAsync()
        {
            var code = codes.Dequeue();
            await ShowCodeAsync(code);
            await ShowCodeAsync(code);
        }

        async Task MistypedAsync()
        {
            await Seller.Page.GotoAsync("/tickets/new");
            await Seller.Page.GetByLabel("Title").FillAsync("A title");
            await Seller.Page.GetByLabel("Price").FillAsync("-5");
            await Seller.PressAsync("List tickets");
            await Expect(Seller.Page.Locator("[aria-invalid=true]").First).ToBeVisibleAsync();
        }
    }

    private static Func<Task> At(Visitor who, string path) => () => who.Page.GotoAsync(path);

    private async Task<string> ListAsync(string title, string venue, decimal price, int quantity, DateTime startsAt, int? buyersPerMinute = null)
    {
        var answer = await Seller.Context.APIRequest.PostAsync("/api/tickets", new()
        {
            DataObject = new
            {
                title, venue, price, quantity, buyersPerMinute, startsAt = startsAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                description = "Doors open an hour before. Seats are numbered, children under six come in for free.\n\nBring the code on your phone or on paper.",
            },
        });
        answer.Status.ShouldBe(201, await answer.TextAsync());
        return Id(await answer.JsonAsync());
    }

    private async Task<string> OrderAsync(string ticketId, int quantity, Visitor? by = null)
    {
        var id = "";
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await (by ?? Buyer).Context.APIRequest.PostAsync("/api/orders", new() { DataObject = new { ticketId, quantity } });
            if (answer.Status == 201)
                id = Id(await answer.JsonAsync());
            return answer.Status == 201;
        }, "the tickets are reserved");
        return id;
    }

    private async Task<string> PaidAsync(string ticketId, int quantity)
    {
        var order = await OrderAsync(ticketId, quantity);
        await PayAsync(order);
        return order;
    }

    /// <summary>An order whose money the bank let go between the authorization and the capture.</summary>
    private async Task<string> FailedAsync(RunningPlatform platform, string ticketId)
    {
        var stripe = platform.Stripe;
        var slow = new { path = "/v1/payment_intents/*/capture", when = "Before", delay_ms = 5000, status = 503 };
        (await stripe.PostAsJsonAsync("/sandbox/faults", slow)).EnsureSuccessStatusCode();
        var order = await PaidAsync(ticketId, 1);
        var books = JsonNode.Parse(await stripe.GetStringAsync("/sandbox/books"))!;
        var intent = books["payment_intents"]!.AsArray().Single(intent => intent!["metadata"]!["order_id"]?.ToString() == order)!["id"];
        (await stripe.PostAsync($"/sandbox/payment_intents/{intent}/lapse", null)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await Buyer.Context.APIRequest.GetAsync($"/api/orders/{order}");
            return (await answer.JsonAsync())!.Value.GetProperty("status").GetString() == "cancelled";
        }, "the order is cancelled");
        return order;
    }

    /// <summary>The codes of an order's tickets, each good for one entry.</summary>
    private async Task<Queue<string>> CodesAsync(string orderId)
    {
        IAPIResponse? answer = null;
        await Eventually.HoldsAsync(async () =>
        {
            answer = await Buyer.Context.APIRequest.GetAsync($"/api/tickets/admissions/{orderId}");
            return answer.Ok;
        }, "the order has tickets");
        return new((await answer!.JsonAsync())!.Value.EnumerateArray().Select(ticket => ticket.GetProperty("code").GetString()!));
    }

    /// <summary>All of it is held for a moment by somebody else, and the buyer waits for that to end.</summary>
    private async Task NotifyAsync(RunningPlatform platform, string ticketId)
    {
        await using var other = await platform.VisitAsync();
        await other.SignUpAsync();
        var held = await OrderAsync(ticketId, 2, other);
        await Eventually.HoldsAsync(async () =>
            (await (await Buyer.Context.APIRequest.GetAsync($"/api/tickets/{ticketId}")).JsonAsync())!.Value.GetProperty("available").GetInt32() == 0,
            "nothing is left");
        (await Buyer.Context.APIRequest.PutAsync($"/api/tickets/{ticketId}/watch")).Ok.ShouldBeTrue();
        (await other.Context.APIRequest.DeleteAsync($"/api/orders/{held}")).Status.ShouldBe(204);
    }

    private async Task PayAsync(string orderId)
    {
        var answer = await Buyer.Context.APIRequest.PostAsync("/api/payments", new() { DataObject = new { orderId, token = GoodToken } });
        answer.Status.ShouldBe(201, await answer.TextAsync());
    }

    private static string Id(JsonElement? body) => body!.Value.GetProperty("id").GetString()!;
}
