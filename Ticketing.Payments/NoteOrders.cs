using Npgsql;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>Keeps the replica of the orders. What the end of an order means is in <see cref="StopPayment"/> and <see cref="CapturePayment"/>.</summary>
internal sealed class NoteOrders(NpgsqlDataSource database, Retention retention) : IHandleEvents<OrderCreated>, IHandleEvents<OrderPaymentStateChanged>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCreated>> events, CancellationToken cancellationToken) =>
        NoteAsync([.. events.Select(created => OrderNews.Of(created.Event.Order, created.TraceParent))], cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderPaymentStateChanged>> events, CancellationToken cancellationToken) =>
        NoteAsync([.. events.Select(changed => OrderNews.Of(changed.Event.Order, changed.TraceParent))], cancellationToken);

    private async Task NoteAsync(IReadOnlyList<OrderNews> news, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await OrderReplica.Apply(connection, news, retention.FirstHeeded, cancellationToken);
    }
}
