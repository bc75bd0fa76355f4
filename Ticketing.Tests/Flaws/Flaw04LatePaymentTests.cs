using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Payments.Gateway;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Payments;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 4. A payment that lands after the hold has ended is charged although somebody else has the ticket by now. The guard:
/// the money is only reserved, until Orders has given its verdict.
/// </summary>
public sealed class Flaw04LatePaymentTests(Servers servers)
{
    [Fact]
    public async Task A_payment_after_the_end_of_the_hold_is_not_charged() =>
        (await PayAfterTheEndAsync(configure: null)).ShouldBe("canceled");

    [Fact]
    public async Task Control_when_money_is_taken_at_once_it_is_charged_for_nothing() =>
        (await PayAfterTheEndAsync(services => services.AddHttpClient(StripeGatewayExtensions.HttpClientName).AddHttpMessageHandler(() => new ChargesAtOnce())))
            .ShouldBe("succeeded");

    /// <summary>
    /// What becomes of the money when the bank agrees, but Payments is so slow to hear of it that the hold ends and
    /// another buyer takes the ticket.
    /// </summary>
    private async Task<string> PayAfterTheEndAsync(Action<IServiceCollection>? configure)
    {
        await using var shop = await PayingShop.OpenAsync(servers, configurePayments: configure);
        var (order, bank) = await shop.PlaceChallengedAsync();
        await using (var slow = await shop.Platform.OpenAsync("payments"))
        {
            await using var transaction = await slow.BeginTransactionAsync();
            await slow.ExecuteAsync("SELECT FROM payments FOR UPDATE", transaction: transaction);
            await shop.AgreeUnheardAsync(bank);
            shop.Platform.Clock.Turn(TimeSpan.FromMinutes(5));
            await shop.Platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));
            await shop.OrderBecomesAsync(order, OrderStatus.Cancelled);
            await shop.PlaceAsync();
            await transaction.CommitAsync();
        }

        await shop.Platform.Broker.HearAsync<PaymentRefused>(refused => refused.OrderId == order.Id);
        (await shop.SeeAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
        await Eventually.HoldsAsync(
            async () => (await shop.IntentStatesAsync(order)) is not ["requires_capture"], "the money is taken or let go");
        return (await shop.IntentStatesAsync(order)).ShouldHaveSingleItem();
    }

    /// <summary>Asks Stripe to take the money as soon as the bank agrees.</summary>
    private sealed class ChargesAtOnce : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content)
            {
                var form = await content.ReadAsStringAsync(cancellationToken);
                request.Content = new StringContent(
                    form.Replace("capture_method=manual", "capture_method=automatic", StringComparison.Ordinal),
                    content.Headers.ContentType!);
            }
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
