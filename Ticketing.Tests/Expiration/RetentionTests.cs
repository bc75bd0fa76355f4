using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Expiration;
using Ticketing.Messaging;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Expiration;

/// <summary>An event of an order that everybody has forgotten starts no clock.</summary>
public sealed class RetentionTests(ExpirationFixture fixture) : IClassFixture<ExpirationFixture>
{
    [Fact]
    public async Task An_open_order_that_is_older_than_such_are_kept_is_not_followed()
    {
        var (late, unguarded) = (Late(), Late());
        await FollowAsync(late);
        await FollowAsync(unguarded, Retentions.None(fixture.Platform.Clock));

        // Both are due for long; what is due longest is told first.
        await Eventually.HoldsAsync(() => Task.FromResult(IsTold(unguarded)), "the negative control, which does not look at its age, is told");
        IsTold(late).ShouldBeFalse();
    }

    private OrderState Late()
    {
        var placed = fixture.Platform.Clock.GetUtcNow() - Retentions.Past;
        return new(
            Guid.CreateVersion7(placed), Guid.CreateVersion7(), Guid.CreateVersion7(), 1, 1999, "usd", OrderStatus.Created, null,
            placed.AddMinutes(1), placed, "Concert", 1999, 0, null, null, 0);
    }

    private Task FollowAsync(OrderState order, params object[] retention) =>
        ActivatorUtilities.CreateInstance<FollowOrders>(fixture.Replicas[0].Services, retention)
            .HandleAsync([new ReceivedEvent<OrderCreated>(new(order), TraceParent: null)], TestContext.Current.CancellationToken);

    private bool IsTold(OrderState order) =>
        fixture.Platform.Broker.Heard<ExpirationComplete>(told => told.OrderIds.Contains(order.Id)).Count > 0;
}
