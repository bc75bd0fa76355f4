using Dapper;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 3. A second click charges a second time where nobody knows that the order is paid. The guard: one payment per order,
/// found again by every click, whose attempts repeat themselves at Stripe under the same key.
/// (Fifty clicks at once, and on two replicas: <see cref="Payments.DoubleClickTests"/>.)
/// </summary>
public sealed class Flaw03DoubleClickTests(Servers servers)
{
    private static Mutation OnePaymentPerOrder => new(
        "payments", "WHERE payments.order_id = @id", "WHERE payments.order_id = @id AND payments.id IS NULL");

    [Fact]
    public async Task A_second_click_charges_nothing() => (await ChargesOfTwoClicksAsync([], dropConstraint: false)).ShouldBe(1);

    [Fact]
    public async Task Control_when_each_click_is_a_payment_of_its_own_it_charges_twice()
    {
        var guard = OnePaymentPerOrder;
        (await ChargesOfTwoClicksAsync([guard], dropConstraint: true)).ShouldBe(2);
        guard.ShouldHaveBeenApplied();
    }

    private async Task<int> ChargesOfTwoClicksAsync(IReadOnlyList<Mutation> without, bool dropConstraint)
    {
        await using var shop = await PaymentsShop.OpenAsync(servers, without);
        if (dropConstraint)
        {
            await using var connection = await shop.Platform.OpenAsync("payments");
            await connection.ExecuteAsync("ALTER TABLE payments DROP CONSTRAINT payments_order_id_key");
        }
        var order = await shop.PlaceAsync();

        await shop.PaidAsync(order);
        await shop.PaidAsync(order);

        return await shop.ChargesAsync(order);
    }
}
