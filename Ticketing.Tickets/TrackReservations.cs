using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Tickets;

/// <summary>
/// Keeps what each order holds or bought, and the listing's totals of that. Orders decides; here it is only told, so
/// that buyers see what is left and sellers cannot change what is reserved.
/// </summary>
internal sealed class TrackReservations(ReservationLedger ledger)
    : IHandleEvents<OrderCreated>, IHandleEvents<OrderCancelled>, IHandleEvents<OrderCompleted>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCreated>> events, CancellationToken cancellationToken) =>
        ledger.EnterAsync(events.Select(created => created.Event.Order), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCancelled>> events, CancellationToken cancellationToken) =>
        ledger.EnterAsync(events.Select(cancelled => cancelled.Event.Order), cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCompleted>> events, CancellationToken cancellationToken) =>
        ledger.EnterAsync(events.Select(completed => completed.Event.Order), cancellationToken);
}
