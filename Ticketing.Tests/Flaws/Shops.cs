using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Orders;
using Ticketing.Tests.Payments;
using Ticketing.Tests.Tickets;

namespace Ticketing.Tests.Flaws;

/// <summary>Orders for one test, with or without a guard.</summary>
internal sealed class OrdersShop : OrdersTests, IAsyncDisposable
{
    private readonly OrdersFixture fixture;

    private OrdersShop(OrdersFixture fixture)
        : base(fixture) => this.fixture = fixture;

    public static async Task<OrdersShop> OpenAsync(
        Servers servers, IReadOnlyList<Mutation> without, Action<IServiceCollection>? configure = null)
    {
        var fixture = new OrdersFixture(servers) { Without = without, Configure = configure };
        await fixture.InitializeAsync();
        return new OrdersShop(fixture);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    /// <summary>
    /// Lets transactions meet where they would meet by chance: nobody changes the listing until so many wait to, having
    /// read what they go by.
    /// </summary>
    public async Task MeetAsync(Guid listing, int count, Func<Task> arrive)
    {
        await using var holder = await Platform.OpenAsync("orders");
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("SELECT FROM listings WHERE id = @listing FOR UPDATE", new { listing }, transaction);
        var arrived = arrive();
        await Platform.WaitingAsync("orders", count);
        await transaction.CommitAsync();
        await arrived;
    }
}

/// <summary>Tickets for one test, with or without a guard.</summary>
internal sealed class TicketsShop : TicketsTests, IAsyncDisposable
{
    private readonly TicketsFixture fixture;

    private TicketsShop(TicketsFixture fixture)
        : base(fixture) => this.fixture = fixture;

    public static async Task<TicketsShop> OpenAsync(Servers servers, IReadOnlyList<Mutation> without)
    {
        var fixture = new TicketsFixture(servers) { Without = without };
        await fixture.InitializeAsync();
        return new TicketsShop(fixture);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();
}

/// <summary>Payments with a stand-in for Orders for one test, with or without a guard.</summary>
internal sealed class PaymentsShop : PaymentsTests, IAsyncDisposable
{
    private readonly PaymentsFixture fixture;

    private PaymentsShop(PaymentsFixture fixture)
        : base(fixture) => this.fixture = fixture;

    public static async Task<PaymentsShop> OpenAsync(Servers servers, IReadOnlyList<Mutation> without)
    {
        var fixture = new PaymentsFixture(servers) { Without = without };
        await fixture.InitializeAsync();
        return new PaymentsShop(fixture);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();
}
