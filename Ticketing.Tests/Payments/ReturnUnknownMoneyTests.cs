using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>What a restore of an older database leaves at Stripe.</summary>
public sealed class ReturnUnknownMoneyTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task Money_of_payments_that_were_lost_is_given_back_and_no_other()
    {
        var (kept, held, taken, lostHeld, lostTaken) =
            (await PlaceAsync(), await PlaceAsync(), await PlaceAsync(), await PlaceAsync(), await PlaceAsync());
        foreach (var order in (OrderState[])[kept, held, taken, lostHeld, lostTaken])
            await PaidAsync(order);
        foreach (var order in (OrderState[])[taken, lostTaken])
        {
            await CompleteAsync(await AuthorizedAsync(order), order);
            await BecomesAsync(order, PaymentStatus.Captured);
        }
        (await Sandbox.CreateIntentAsync()).Ok();
        // Of another installation, which shares the account; and of a version that wrote no installation.
        var others = (await Sandbox.CreateIntentAsync($"&metadata[payment_id]={Guid.CreateVersion7()}&metadata[installation]={Guid.NewGuid()}")).Ok().Id;
        var unmarked = (await Sandbox.CreateIntentAsync($"&metadata[payment_id]={Guid.CreateVersion7()}")).Ok().Id;
        await using var database = await Platform.OpenAsync("payments");
        foreach (var order in (OrderState[])[lostHeld, lostTaken])
        {
            await database.ExecuteAsync("DELETE FROM attempts WHERE payment_id = (SELECT id FROM payments WHERE order_id = @Id)", new { order.Id });
            await database.ExecuteAsync("DELETE FROM payments WHERE order_id = @Id", new { order.Id });
        }
        var command = ActivatorUtilities.CreateInstance<ReturnUnknownMoney>(Payments.Services);

        (await command.Run(TimeProvider.System.GetUtcNow().AddHours(1), giveBack: true, CancellationToken.None)).ShouldBeEmpty();
        (await command.Run(DateTimeOffset.UnixEpoch, giveBack: false, CancellationToken.None)).Count.ShouldBe(3);
        (await IntentsAsync(lostHeld)).ShouldBe(["requires_capture"], "it was only asked for a list");
        await command.Run(DateTimeOffset.UnixEpoch, giveBack: true, CancellationToken.None);
        await command.Run(DateTimeOffset.UnixEpoch, giveBack: true, CancellationToken.None);

        (await Sandbox.GetAsync($"/v1/payment_intents/{others}")).Ok().Text("status").ShouldBe("requires_payment_method");
        (await Sandbox.GetAsync($"/v1/payment_intents/{unmarked}")).Ok().Text("status").ShouldBe("canceled");
        (await IntentsAsync(lostHeld)).ShouldBe(["canceled"]);
        (await BooksAsync("charges", lostTaken)).Single()["amount_refunded"]!.GetValue<long>().ShouldBe(1999);
        (await IntentsAsync(held)).ShouldBe(["requires_capture"]);
        (await IntentsAsync(kept)).ShouldBe(["requires_capture"]);
        (await BooksAsync("charges", taken)).Single()["amount_refunded"]!.GetValue<long>().ShouldBe(0);
    }
}
