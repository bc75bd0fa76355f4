using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Ticketing.Contracts;

namespace Ticketing.Tests.Model;

/// <summary>One sequence's part of the real shop: its own users, listings and orders, and the messages under way.</summary>
internal sealed class RealWorld(RealShop shop)
{
    private readonly DateTimeOffset beginning = shop.Platform.Clock.GetUtcNow();
    private readonly Guid seller = Guid.CreateVersion7();
    private readonly Guid[] buyers = [Guid.CreateVersion7(), Guid.CreateVersion7()];
    private readonly List<Guid> listings = [];
    private readonly List<Guid> orders = [];
    private readonly Dictionary<Message, object> underWay = [];

    /// <summary>Does what the operation says; the status of the answer, where there is one.</summary>
    /// <param name="state">Before it, by the model: it tells which message is meant.</param>
    public async Task<int?> ActAsync(State state, Operation operation)
    {
        switch (operation)
        {
            case Offer offer:
                return await AddAsync(listings, shop.Tickets, "/api/tickets", seller,
                    new { title = "Concert", price = Money.FromMinorUnits(offer.Price), quantity = offer.Quantity, maxPerBuyer = State.MaxPerBuyer });
            case Edit edit when listings.Count > 0:
                return await SendAsync(shop.Tickets, HttpMethod.Put, $"/api/tickets/{listings[state.ListingNumber(edit.Listing)]}", seller, Change(edit));
            case Withdraw withdraw when listings.Count > 0:
                return await SendAsync(shop.Tickets, HttpMethod.Delete, $"/api/tickets/{listings[state.ListingNumber(withdraw.Listing)]}", seller);
            case Reserve reserve when listings.Count > 0:
                return await AddAsync(orders, shop.Orders, "/api/orders", buyers[reserve.Buyer],
                    new { ticketId = listings[state.ListingNumber(reserve.Listing)], quantity = reserve.Quantity });
            case Cancel cancel when orders.Count > 0:
                var user = cancel.Stranger ? Guid.CreateVersion7() : buyers[state.OrderOf(cancel.Order)!.Buyer];
                return await SendAsync(shop.Orders, HttpMethod.Delete, $"/api/orders/{orders[state.OrderNumber(cancel.Order)]}", user);
            case Wait wait:
                shop.Platform.Clock.Turn(TimeSpan.FromSeconds(wait.Seconds));
                return null;
            case Sweep:
                await shop.Expiry.SweepAsync(CancellationToken.None);
                return null;
            case Deliver deliver when !state.UnderWay.IsEmpty:
                await shop.DeliverAsync(underWay[Rules.MessageOf(state, deliver)]);
                return null;
            case var _ when orders.Count > 0 && PaymentNews(state, operation) is { } news:
                await shop.DeliverAsync(news);
                return null;
            default:
                return null;
        }
    }

    /// <summary>The events that were written since the last look; from now on they are under way.</summary>
    public async Task<ImmutableList<Message>> ToldAsync()
    {
        var told = ImmutableList<Message>.Empty;
        foreach (var service in new[] { "orders", "tickets" })
        {
            await using var connection = await shop.Platform.OpenAsync(service);
            foreach (var (type, body) in await connection.QueryAsync<(string, string)>("DELETE FROM outbox RETURNING type, body::text"))
            {
                // A sweep ends the orders of earlier sequences too.
                if (Read(type, JsonNode.Parse(body)!) is { } message)
                {
                    told = told.Add(message);
                    underWay[message] = JsonSerializer.Deserialize(body, Topology.Events[type], JsonConventions.Options)!;
                }
            }
        }
        return told;
    }

    /// <summary>What both databases know of this sequence's things, in the model's words.</summary>
    public async Task<State> ReadAsync()
    {
        await using var inOrders = await shop.Platform.OpenAsync("orders");
        await using var ofOrders = await inOrders.QueryMultipleAsync(
            """
            SELECT id, quantity, available, price, version, deleted FROM listings WHERE id = ANY(@listings);
            SELECT id, user_id, ticket_id, quantity, amount, ticket_version, status, reason, hold_ends_at, expires_at,
                payment_version, payment_intent_id, unpaid_at, version
            FROM orders WHERE ticket_id = ANY(@listings) ORDER BY array_position(@orders, id);
            SELECT order_id, payment_intent_id FROM verdicts WHERE order_id = ANY(@orders)
            """,
            new { listings, orders = orders.ToArray() });
        var replicas = (await ofOrders.ReadAsync()).ToImmutableSortedDictionary(
            row => (int)listings.IndexOf((Guid)row.id),
            row => new Replica((int)row.quantity, (int)row.available, (long)row.price, (int)row.version, (bool)row.deleted));
        var placed = (await ofOrders.ReadAsync()).Select(row => new Order(
            Array.IndexOf(buyers, (Guid)row.user_id), listings.IndexOf((Guid)row.ticket_id), (int)row.quantity, (long)row.amount,
            (int)row.ticket_version, (string)row.status, (string?)row.reason, Seconds(Utc(row.hold_ends_at)), Seconds(Utc(row.expires_at)),
            (int)row.payment_version, Intent((string?)row.payment_intent_id),
            row.unpaid_at is DateTime unpaid ? Seconds(Utc(unpaid)) : (int?)null, (int)row.version)).ToImmutableList();
        var judged = (await ofOrders.ReadAsync<(Guid Order, string Intent)>())
            .Select(row => (orders.IndexOf(row.Order), Intent(row.Intent)!.Value)).ToImmutableSortedSet();

        await using var inTickets = await shop.Platform.OpenAsync("tickets");
        await using var ofTickets = await inTickets.QueryMultipleAsync(
            """
            SELECT quantity, price, version, deleted_at IS NOT NULL AS deleted, held, sold
            FROM tickets WHERE id = ANY(@listings) ORDER BY array_position(@listings, id);
            SELECT order_id, state, version FROM reservations WHERE order_id = ANY(@orders)
            """,
            new { listings = listings.ToArray(), orders });
        return new State
        {
            Listings = [.. await ofTickets.ReadAsync<Listing>()],
            Replicas = replicas,
            Orders = placed,
            Reservations = (await ofTickets.ReadAsync<(Guid Order, string State, int Version)>()).ToImmutableSortedDictionary(
                row => orders.IndexOf(row.Order), row => new Reservation(row.State, row.Version)),
            Judged = judged,
        };
    }

    private async Task<int?> SendAsync(HttpClient service, HttpMethod method, string path, Guid user, object? body = null) =>
        (await shop.SendAsync(service, method, path, user, body)).Status;

    private async Task<int?> AddAsync(List<Guid> things, HttpClient service, string path, Guid user, object body)
    {
        var (status, answer) = await shop.SendAsync(service, HttpMethod.Post, path, user, body);
        if (status == 201)
            things.Add(JsonNode.Parse(answer)!["id"]!.GetValue<Guid>());
        return status;
    }

    private static Dictionary<string, object> Change(Edit edit)
    {
        var change = new Dictionary<string, object>();
        if (edit.Quantity is { } quantity)
            change["quantity"] = quantity;
        if (edit.Price is { } price)
            change["price"] = Money.FromMinorUnits(price);
        return change;
    }

    /// <summary>What Payments or Expiration would tell; null where the operation is nothing of theirs.</summary>
    private object? PaymentNews(State state, Operation operation)
    {
        return operation switch
        {
            StartPayment start => new PaymentStarted(Payment(start.Order, 0, PaymentStatus.Pending, start.Version)),
            Decline decline => new PaymentFailed(Payment(decline.Order, 0, PaymentStatus.Pending, decline.Version)),
            Authorize authorize => new PaymentAuthorized(Payment(authorize.Order, authorize.Intent, PaymentStatus.Authorized, authorize.Version)),
            FailCapture fail => new PaymentFailed(Payment(fail.Order, fail.Intent, PaymentStatus.Failed, fail.Version)),
            NoteCapture note => new PaymentCaptured(Payment(note.Order, 0, PaymentStatus.Captured, note.Version)),
            TellExpired expired => new ExpirationComplete([orders[state.OrderNumber(expired.Order)]]),
            _ => null,
        };

        PaymentState Payment(int pick, int intent, string status, int version)
        {
            var order = orders[state.OrderNumber(pick)];
            return new PaymentState(
                order, order, buyers[0], $"pi_{order:N}_{intent}", 1, status, 1, "usd", null, shop.Platform.Clock.GetUtcNow(), version);
        }
    }

    /// <summary>An event in the model's words; null if it is about something of another sequence.</summary>
    private Message? Read(string type, JsonNode body)
    {
        if (body["listing"] is { } listing)
            return listings.IndexOf(listing["id"]!.GetValue<Guid>()) is >= 0 and var number
                ? new ListingNews(type, number, Int(listing["quantity"]), listing["price"]!.GetValue<long>(), Int(listing["version"]))
                : null;
        if (body["order"] is { } order)
            return orders.IndexOf(order["id"]!.GetValue<Guid>()) is >= 0 and var number
                ? new OrderNews(
                    type, number, listings.IndexOf(order["ticketId"]!.GetValue<Guid>()), Int(order["quantity"]),
                    order["amount"]!.GetValue<long>(), order["status"]!.GetValue<string>(), order["reason"]?.GetValue<string>(),
                    Seconds(order["expiresAt"]!.GetValue<DateTimeOffset>()), Intent(order["paymentIntentId"]?.GetValue<string>()),
                    Int(order["version"]))
                : null;
        if (type == nameof(ListingCorrected))
            return new Correction(listings.IndexOf(body["ticketId"]!.GetValue<Guid>()), Int(body["quantity"]), Int(body["version"]));
        return new Refusal(
            orders.IndexOf(body["orderId"]!.GetValue<Guid>()), Intent(body["paymentIntentId"]!.GetValue<string>())!.Value,
            body["reason"]!.GetValue<string>());
    }

    private int Seconds(DateTimeOffset time) => (int)(time - beginning).TotalSeconds;

    private static DateTimeOffset Utc(object time) => new((DateTime)time, TimeSpan.Zero);

    private static int Int(JsonNode? number) => number!.GetValue<int>();

    /// <summary><c>pi_{order}_{intent}</c>.</summary>
    private static int? Intent(string? id) => id is null ? null : id[^1] - '0';
}
