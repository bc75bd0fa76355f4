using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Keeps what each order holds or bought, and the listing's totals of that. Orders decides; here it is only told, so
/// that buyers see what is left and sellers cannot change what is reserved.
/// </summary>
internal sealed class TrackReservations(ReservationLedger ledger)
    : IConsumer<OrderCreated>, IConsumer<OrderCancelled>, IConsumer<OrderCompleted>
{
    public Task Consume(ConsumeContext<OrderCreated> context) =>
        ledger.EnterAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCancelled> context) =>
        ledger.EnterAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCompleted> context) =>
        ledger.EnterAsync(context.Message.Order, context.CancellationToken);
}
