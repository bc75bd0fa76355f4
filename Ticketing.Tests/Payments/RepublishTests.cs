using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class RepublishTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task Every_payment_is_told_again_as_it_was_told_last()
    {
        var (paid, declined, taken) = (await PlaceAsync(), await PlaceAsync(), await PlaceAsync());
        await PaidAsync(paid);
        await PayAsync(declined, "tok_chargeDeclined");
        await PaidAsync(taken);
        await CompleteAsync(await AuthorizedAsync(taken), taken);
        await Platform.Broker.HearAsync<PaymentCaptured>(told => told.Payment.OrderId == taken.Id);
        await Platform.Broker.HearAsync<PaymentFailed>(told => told.Payment.OrderId == declined.Id);
        await AuthorizedAsync(paid);

        await using var connection = await Platform.OpenAsync("payments");
        var ids = (await connection.QueryAsync<Guid>(RepublishPayments.Page, new { after = Guid.Empty, size = 2 })).AsList();
        ids.Count.ShouldBe(2);
        ids.AddRange(await connection.QueryAsync<Guid>(RepublishPayments.Page, new { after = ids[^1], size = 500 }));

        ids.Count.ShouldBe(3);
        await ToldTwiceAsync<PaymentAuthorized>(told => told.Payment, paid);
        await ToldTwiceAsync<PaymentFailed>(told => told.Payment, declined);
        await ToldTwiceAsync<PaymentCaptured>(told => told.Payment, taken);
    }

    private async Task ToldTwiceAsync<T>(Func<T, PaymentState> payment, OrderState order)
    {
        List<PaymentState> Told() => [.. Platform.Broker.Heard<T>(told => payment(told).OrderId == order.Id).Select(payment)];
        await Eventually.HoldsAsync(() => Task.FromResult(Told().Count == 2), "it is told again");
        Told()[1].ShouldBe(Told()[0] with { At = Told()[1].At });
    }
}
