using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class PaymentVerdictTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task An_authorized_payment_completes_the_order_and_names_its_intent()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);

        await AuthorizeAsync(order, "pi_1");

        var told = await Platform.Broker.HearAsync<OrderCompleted>(completed => completed.Order.Id == order.Id);
        told.Order.PaymentIntentId.ShouldBe("pi_1");
        told.Order.PaymentId.ShouldBe(order.Id);
        (await SeeAsync(order)).Status.ShouldBe(OrderStatus.Complete);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_repeated_authorization_gets_no_second_verdict()
    {
        var order = await PlaceAsync(await ListAsync());
        var last = await PlaceAsync(await ListAsync());

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AuthorizeAsync(order, "pi_2")));
        await BecomesAsync(order, OrderStatus.Complete);
        await AuthorizeAsync(last, "pi_2_last");
        await Platform.Broker.HearAsync<OrderCompleted>(completed => completed.Order.Id == last.Id);

        Platform.Broker.Heard<OrderCompleted>(completed => completed.Order.Id == order.Id).Count.ShouldBe(1);
        Platform.Broker.Heard<PaymentRefused>(refused => refused.OrderId == order.Id).ShouldBeEmpty();
        (await SeeAsync(order)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_authorizations_for_one_order_the_second_is_refused()
    {
        var order = await PlaceAsync(await ListAsync());

        await Task.WhenAll(AuthorizeAsync(order, "pi_3a"), AuthorizeAsync(order, "pi_3b"));

        var completed = await Platform.Broker.HearAsync<OrderCompleted>(verdict => verdict.Order.Id == order.Id);
        var refused = await Platform.Broker.HearAsync<PaymentRefused>(verdict => verdict.OrderId == order.Id);
        refused.Reason.ShouldBe("already_paid");
        new[] { completed.Order.PaymentIntentId, refused.PaymentIntentId }.ShouldBe(["pi_3a", "pi_3b"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_late_payment_completes_the_order_if_its_tickets_are_still_free()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);
        await ExpireAsync(order);

        await AuthorizeAsync(order, "pi_4");

        await BecomesAsync(order, OrderStatus.Complete);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
        (await SeeAsync(order)).Reason.ShouldBeNull();
    }

    [Fact]
    public async Task A_late_payment_is_refused_if_the_tickets_are_gone()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);
        await ExpireAsync(order);
        var quicker = await PlaceAsync(listing);

        await AuthorizeAsync(order, "pi_5");

        (await RefusalAsync(order)).ShouldBe("sold_out");
        (await SeeAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
        (await SeeAsync(quicker)).Status.ShouldBe(OrderStatus.Created);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_late_payment_is_refused_if_the_listing_was_withdrawn()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);
        await ExpireAsync(order);
        await Platform.Broker.PublishAsync(new TicketDeleted(listing with { Version = 1 }));
        await Eventually.BecomesAsync(() => VersionAsync(listing.Id), 1);

        await AuthorizeAsync(order, "pi_6");

        await RefusalAsync(order);
        (await SeeAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task A_payment_for_an_order_that_the_buyer_cancelled_is_refused()
    {
        var order = await PlaceAsync(await ListAsync());
        await CancelAsync(order);

        await AuthorizeAsync(order, "pi_7");

        (await RefusalAsync(order)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_payment_for_an_unknown_order_is_refused()
    {
        var order = await PlaceAsync(await ListAsync());
        var unknown = order with { Id = Guid.CreateVersion7() };

        await AuthorizeAsync(unknown, "pi_8");

        (await RefusalAsync(unknown)).ShouldBe("unknown_order");
    }

    [Fact]
    public async Task Payment_and_expiry_racing_end_in_one_of_the_two_with_the_stock_right()
    {
        var listing = await ListAsync(quantity: 30);
        var orders = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => PlaceAsync(listing)));
        Platform.Clock.Turn(TimeSpan.FromSeconds(61));

        await Task.WhenAll(orders.SelectMany(order => new[]
        {
            AuthorizeAsync(order, $"pi_{order.Id:N}"),
            Platform.Broker.PublishAsync(new ExpirationComplete([order.Id])),
        }));

        // Late payments retake their tickets, so in the end every order is complete whichever came first.
        foreach (var order in orders)
            await BecomesAsync(order, OrderStatus.Complete);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_started_payment_prolongs_the_hold_once()
    {
        var order = await PlaceAsync(await ListAsync());
        Platform.Clock.Turn(TimeSpan.FromSeconds(30));
        var started = Platform.Clock.GetUtcNow();
        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(order, PaymentStatus.Pending, 1)));
        await BecomesAsync(order, OrderStatus.AwaitingPayment);
        var once = await SeeAsync(order);
        (once.ExpiresAt - started).TotalSeconds.ShouldBe(120, tolerance: 1);

        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(order, PaymentStatus.Pending, 1)));
        Platform.Clock.Turn(TimeSpan.FromSeconds(100));
        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(order, PaymentStatus.Pending, 2)));

        await Eventually.BecomesAsync(async () => (await SeeAsync(order)).Version, 2);
        (await SeeAsync(order)).ExpiresAt.ShouldBe(order.CreatedAt.AddSeconds(180), "hold and grace, never more");
    }

    [Fact]
    public async Task A_declined_attempt_gives_the_order_its_own_end_back()
    {
        var order = await PlaceAsync(await ListAsync());
        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(order, PaymentStatus.Pending, 1)));
        await BecomesAsync(order, OrderStatus.AwaitingPayment);

        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(order, PaymentStatus.Pending, 2)));

        await BecomesAsync(order, OrderStatus.Created);
        (await SeeAsync(order)).ExpiresAt.ShouldBe(order.ExpiresAt);
    }

    [Fact]
    public async Task A_decline_after_the_holds_own_end_leaves_10_seconds()
    {
        var order = await PlaceAsync(await ListAsync());
        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(order, PaymentStatus.Pending, 1)));
        await BecomesAsync(order, OrderStatus.AwaitingPayment);
        Platform.Clock.Turn(TimeSpan.FromSeconds(80));

        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(order, PaymentStatus.Pending, 2)));

        await BecomesAsync(order, OrderStatus.Created);
        ((await SeeAsync(order)).ExpiresAt - Platform.Clock.GetUtcNow()).TotalSeconds.ShouldBeInRange(5, 10);
    }

    [Fact]
    public async Task A_decline_that_overtakes_its_start_is_not_undone_by_it()
    {
        var order = await PlaceAsync(await ListAsync());
        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(order, PaymentStatus.Pending, 2)));
        await Eventually.BecomesAsync(async () => (await SeeAsync(order)).Version, 1);

        await Platform.Broker.PublishAsync(new PaymentStarted(Payment(order, PaymentStatus.Pending, 1)));
        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(order, PaymentStatus.Pending, 3)));

        await Eventually.BecomesAsync(async () => (await SeeAsync(order)).Version, 2);
        (await SeeAsync(order)).ExpiresAt.ShouldBe(order.ExpiresAt);
    }

    [Fact]
    public async Task A_capture_that_failed_for_good_undoes_the_sale_of_its_own_intent_only()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);
        await AuthorizeAsync(order, "pi_9");
        await BecomesAsync(order, OrderStatus.Complete);

        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(order, PaymentStatus.Failed, 5, "pi_other")));
        await Platform.Broker.PublishAsync(new PaymentFailed(Payment(order, PaymentStatus.Failed, 6, "pi_9")));

        await BecomesAsync(order, OrderStatus.Cancelled);
        (await SeeAsync(order)).Reason.ShouldBe(CancelReason.PaymentFailed);
        (await SeeAsync(order)).Version.ShouldBe(2);
        (await AvailableAsync(listing.Id)).ShouldBe(1);
    }

    private Task AuthorizeAsync(OrderResponse order, string intent) =>
        Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(order, PaymentStatus.Authorized, 3, intent)));

    private async Task<string> RefusalAsync(OrderResponse order) =>
        (await Platform.Broker.HearAsync<PaymentRefused>(refused => refused.OrderId == order.Id)).Reason;

    private async Task<int> VersionAsync(Guid ticketId)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await Dapper.SqlMapper.ExecuteScalarAsync<int>(
            connection, "SELECT version FROM listings WHERE id = @ticketId", new { ticketId });
    }
}
