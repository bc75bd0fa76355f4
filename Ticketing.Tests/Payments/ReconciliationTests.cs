using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>
/// Payments that were left in the middle are settled by asking Stripe, wherever they broke off. No webhook helps: all are
/// held back.
/// </summary>
public sealed class ReconciliationTests(PaymentsFixture fixture) : PaymentsTests(fixture), IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await Sandbox.Client.PutAsync("/sandbox/webhooks?held=true", null);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.Client.DeleteAsync("/sandbox/faults");
        await Sandbox.Client.PutAsync("/sandbox/webhooks", null);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_written_down_but_never_reached_stripe_is_done()
    {
        var (card, page) = (await PlaceAsync(), await PlaceAsync());
        // As if the process had died between its commit and the call: all three tries go nowhere.
        await Sandbox.OrderFaultAsync(new { path = "/v1/payment_intents", when = "before", drop = true, times = 3 });
        await Sandbox.OrderFaultAsync(new { path = "/v1/checkout/sessions", when = "before", drop = true, times = 3 });
        await (await PayAsync(card)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        using var client = Payments.As(page.UserId);
        await (await client.PostAsJsonAsync("/api/payments/checkout", new { orderId = page.Id })).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        (await IntentsAsync(card)).ShouldBeEmpty();

        await AuthorizedAsync(card);
        (await ChargesAsync(card)).ShouldBe(1);
        await Eventually.BecomesAsync(() => AttemptAsync(page), "Open");
        (await BooksAsync("sessions", page)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_stripe_did_but_was_not_stored_is_found_again()
    {
        var (held, taken, released, closed) = (await PlaceAsync(), await PlaceAsync(), await PlaceAsync(), await PlaceAsync());
        await PaidAsync(taken);
        await PaidAsync(released);
        await CheckoutAsync(closed);
        var (toTake, toRelease) = (await AuthorizedAsync(taken), await AuthorizedAsync(released));
        await using var database = await Platform.OpenAsync("payments");
        await database.ExecuteAsync(
            """
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
            CREATE TRIGGER lose BEFORE UPDATE ON attempts FOR EACH ROW
                WHEN (NEW.state IN ('Authorized', 'Captured', 'Released', 'Stopped') AND NEW.state <> OLD.state) EXECUTE FUNCTION lose();
            """);
        ((int)(await PayAsync(held)).StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        await CompleteAsync(toTake, taken);
        await RefuseAsync(toRelease);
        await CancelAsync(closed);
        await Eventually.HoldsAsync(async () => (await IntentsAsync(taken)) is ["succeeded"], "Stripe took the money");
        await Eventually.HoldsAsync(async () => (await IntentsAsync(released)) is ["canceled"], "Stripe let the money go");
        await Eventually.BecomesAsync(() => SessionAsync(closed), "expired");
        (await ChargesAsync(held)).ShouldBe(1);
        foreach (var (order, state) in ((OrderState, string)[])[(held, "Started"), (taken, "Authorized"), (released, "Authorized"), (closed, "Open")])
            (await AttemptAsync(order)).ShouldBe(state, "none of it could be stored");

        await database.ExecuteAsync("DROP TRIGGER lose ON attempts");

        await BecomesAsync(held, PaymentStatus.Authorized);
        await BecomesAsync(taken, PaymentStatus.Captured);
        await BecomesAsync(released, PaymentStatus.Released);
        await BecomesAsync(closed, PaymentStatus.Released);
        foreach (var order in (OrderState[])[held, taken, released])
            (await ChargesAsync(order)).ShouldBe(1);
        await AuthorizedAsync(held);
        await Platform.Broker.HearAsync<PaymentCaptured>(told => told.Payment.OrderId == taken.Id);
        await Platform.Broker.HearAsync<PaymentReleased>(told => told.Payment.OrderId == released.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Work_that_stripe_did_or_did_not_before_it_failed_is_settled(bool done)
    {
        var (taken, released, closed) = (await PlaceAsync(), await PlaceAsync(), await PlaceAsync());
        await PaidAsync(taken);
        await PaidAsync(released);
        await CheckoutAsync(closed);
        var (toTake, toRelease) = (await AuthorizedAsync(taken), await AuthorizedAsync(released));
        foreach (var path in (string[])["/v1/payment_intents/*/capture", "/v1/payment_intents/*/cancel", "/v1/checkout/sessions/*/expire"])
            await Sandbox.OrderFaultAsync(new { path, when = done ? "after" : "before", status = 500, times = 3 });

        await CompleteAsync(toTake, taken);
        await RefuseAsync(toRelease);
        await CancelAsync(closed);

        await BecomesAsync(taken, PaymentStatus.Captured);
        await BecomesAsync(released, PaymentStatus.Released);
        await BecomesAsync(closed, PaymentStatus.Released);
        (await IntentsAsync(taken)).ShouldBe(["succeeded"]);
        (await IntentsAsync(released)).ShouldBe(["canceled"]);
        (await SessionAsync(closed)).ShouldBe("expired");
    }

    private async Task<string?> SessionAsync(OrderState order) =>
        (await BooksAsync("sessions", order)).Single()["status"]!.GetValue<string>();

    private async Task<string?> AttemptAsync(OrderState order)
    {
        await using var database = await Platform.OpenAsync("payments");
        return await database.QuerySingleOrDefaultAsync<string>(
            "SELECT state FROM attempts JOIN payments ON payments.id = payment_id WHERE order_id = @Id", new { order.Id });
    }
}
