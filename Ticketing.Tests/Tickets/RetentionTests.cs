using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Flaws;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Ticketing.Tickets.Sales;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>What orders held that ended unpaid is forgotten some day, and nothing that comes late takes tickets again.</summary>
public sealed class RetentionTests(TicketsFixture fixture, Servers servers) : TicketsTests(fixture)
{
    [Fact]
    public async Task What_was_freed_unpaid_is_forgotten_after_its_time_and_no_total_changes()
    {
        var listing = await ListAsync(quantity: 10);
        var (freed, held, sold, undone) = (Placed(listing), Placed(listing), Placed(listing), Placed(listing));
        await EnterAsync(freed, Cancelled(freed), held, sold, Sold(sold), undone, Sold(undone), Undone(undone));
        (await TotalsAsync(listing.Id)).ShouldBe((2, 2));
        using var seller = Tickets.As(listing.UserId);
        var sales = await seller.GetStringAsync("/api/tickets/sales/listings");

        Platform.Clock.Turn(Retentions.Kept);
        await ForgetAsync<ForgetReservations>();
        (await StateAsync(freed.Id)).ShouldBe("freed");

        Platform.Clock.Turn(TimeSpan.FromHours(2));
        await ForgetAsync<ForgetReservations>();
        (await StateAsync(freed.Id)).ShouldBeNull();
        (await StatesAsync(held, sold, undone)).ShouldBe(["held", "sold", "freed"]);
        (await TotalsAsync(listing.Id)).ShouldBe((2, 2));
        using var later = Tickets.As(listing.UserId);
        (await later.GetStringAsync("/api/tickets/sales/listings")).ShouldBe(sales);
    }

    [Fact]
    public async Task A_late_event_of_a_forgotten_order_takes_no_tickets()
    {
        var listing = await ListAsync(quantity: 10);
        var (order, undone) = (Placed(listing), Placed(listing));
        await EnterAsync(order, Cancelled(order), undone, Sold(undone), Undone(undone));
        Platform.Clock.Turn(Retentions.Past);
        await ForgetAsync<ForgetReservations>();

        // By the broker, as a message that was put back; then once more, together.
        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Platform.Broker.PublishAsync(new OrderCancelled(Cancelled(order)));
        await HoldAsync(Placed(listing));
        await EnterAsync(order, Cancelled(order), undone, Sold(undone));

        (await StateAsync(order.Id)).ShouldBeNull();
        (await StateAsync(undone.Id)).ShouldBe("freed");
        (await TotalsAsync(listing.Id)).ShouldBe((2, 0));
        (await SeeAsync(listing)).Available.ShouldBe(8);
        await ActivatorUtilities.CreateInstance<ReservationLedger>(Tickets.Services, Retentions.None(Platform.Clock))
            .EnterAsync([order], TestContext.Current.CancellationToken);
        (await TotalsAsync(listing.Id)).ShouldBe((4, 0), "the negative control, which does not look at the order's age");
    }

    [Fact]
    public async Task A_sale_that_is_told_late_counts_however_old_it_is()
    {
        var listing = await ListAsync(quantity: 10);
        var order = Placed(listing);
        Platform.Clock.Turn(2 * Retentions.Past);

        await EnterAsync(Sold(order));

        (await TotalsAsync(listing.Id)).ShouldBe((0, 2));
    }

    [Fact]
    public async Task What_is_still_held_is_freed_however_late_its_end_is_told_and_then_forgotten()
    {
        var listing = await ListAsync(quantity: 10);
        var order = Placed(listing);
        await EnterAsync(order);
        Platform.Clock.Turn(Retentions.Past);
        await ForgetAsync<ForgetReservations>();
        (await TotalsAsync(listing.Id)).ShouldBe((2, 0));

        await EnterAsync(Cancelled(order));
        (await TotalsAsync(listing.Id)).ShouldBe((0, 0));
        (await StateAsync(order.Id)).ShouldBe("freed");
        await ForgetAsync<ForgetReservations>();

        (await StateAsync(order.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task An_order_that_is_entered_in_this_moment_is_passed_over() =>
        (await IsKeptIfSoldMeanwhileAsync(this)).ShouldBeTrue();

    [Fact]
    public async Task Control_without_the_lock_what_has_just_been_sold_is_forgotten()
    {
        var locks = new Mutation("tickets", "FOR UPDATE SKIP LOCKED))", "))");
        await using var shop = await TicketsShop.OpenAsync(servers, [locks]);

        (await IsKeptIfSoldMeanwhileAsync(shop)).ShouldBeFalse();

        locks.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task Changes_of_a_price_are_forgotten_after_their_time_and_the_books_stay()
    {
        var listing = await ListAsync(quantity: 10);
        (await PutAsync(listing, new { price = 25 })).EnsureSuccessStatusCode();
        await EnterAsync(Sold(Placed(listing)));
        Platform.Clock.Turn(Retentions.Kept);
        (await PutAsync(listing, new { price = 30 })).EnsureSuccessStatusCode();
        await ForgetAsync<ForgetPriceChanges>();
        (await PricesAsync()).ShouldBe([30m, 25m]);

        Platform.Clock.Turn(TimeSpan.FromHours(2));
        await ForgetAsync<ForgetPriceChanges>();

        (await PricesAsync()).ShouldBe([30m]);
        (await TotalsAsync(listing.Id)).ShouldBe((0, 2));

        async Task<decimal[]> PricesAsync()
        {
            using var seller = Tickets.As(listing.UserId);
            return [.. (await seller.GetFromJsonAsync<PriceChange[]>($"/api/tickets/{listing.Id}/prices"))!.Select(change => change.Price)];
        }
    }

    private static OrderState Cancelled(OrderState order) => order with { Status = OrderStatus.Cancelled, Reason = CancelReason.Expired, Version = 1 };

    private static OrderState Sold(OrderState order) => order with { Status = OrderStatus.Complete, Version = 1, CompletedAt = order.CreatedAt };

    private static OrderState Undone(OrderState order) =>
        Sold(order) with { Status = OrderStatus.Cancelled, Reason = CancelReason.PaymentFailed, Version = 2 };

    /// <summary>An order of two tickets, placed now.</summary>
    private OrderState Placed(TicketResponse listing) => Placed(this, listing);

    private static OrderState Placed(TicketsTests shop, TicketResponse listing)
    {
        var now = shop.Platform.Clock.GetUtcNow();
        return Order(listing.Id, OrderStatus.Created, 0, 2, Guid.CreateVersion7(now)) with { CreatedAt = now, ExpiresAt = now.AddMinutes(1) };
    }

    private async Task HoldAsync(OrderState order)
    {
        await Platform.Broker.PublishAsync(new OrderCreated(order));
        await Eventually.HoldsAsync(async () => await StateAsync(order.Id) == "held", "the order's tickets are held");
    }

    /// <summary>Enters them one after the other.</summary>
    private Task EnterAsync(params OrderState[] orders) => EnterAsync(Tickets, orders);

    private static async Task EnterAsync(TestService<Listing> tickets, params OrderState[] orders)
    {
        foreach (var order in orders)
            await tickets.Services.GetRequiredService<ReservationLedger>().EnterAsync([order], TestContext.Current.CancellationToken);
    }

    private async Task<string?[]> StatesAsync(params OrderState[] orders)
    {
        List<string?> states = [];
        foreach (var order in orders)
            states.Add(await StateAsync(order.Id));
        return [.. states];
    }

    private Task ForgetAsync<TJob>()
        where TJob : IJob => ForgetAsync<TJob>(Tickets);

    private static async Task ForgetAsync<TJob>(TestService<Listing> tickets)
        where TJob : IJob =>
        await ActivatorUtilities.CreateInstance<TJob>(tickets.Services).Execute(null!, TestContext.Current.CancellationToken);

    /// <summary>Whether a reservation is still there that was sold, at the last moment, while the job was about to forget it.</summary>
    private static async Task<bool> IsKeptIfSoldMeanwhileAsync(TicketsTests shop)
    {
        var order = Placed(shop, await shop.ListAsync(quantity: 10));
        await EnterAsync(shop.Tickets, order, Cancelled(order));
        shop.Platform.Clock.Turn(Retentions.Past);
        await using var connection = await shop.Platform.OpenAsync("tickets");
        await using var selling = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("UPDATE reservations SET state = 'sold', version = 5 WHERE order_id = @Id", new { order.Id }, selling);

        await Retentions.RaceAsync(shop.Platform, "tickets", () => ForgetAsync<ForgetReservations>(shop.Tickets), () => selling.CommitAsync());

        return await shop.StateAsync(order.Id) == "sold";
    }
}
