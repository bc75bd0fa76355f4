using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.ServiceDefaults;
using Ticketing.Tickets.Watches;

namespace Ticketing.Tickets;

/// <summary>
/// Writes reservations and the totals of their listings, all that a message tells in one transaction: on the morning of a sale
/// all are for the same listing, whose row only one transaction at a time can change.
/// </summary>
/// <remarks>
/// Events may come twice, in any order, and two of one order to two replicas at once. A row takes only a newer version;
/// the totals change by the difference between the row before and after. To know the row before, the listings are
/// locked first, in a statement of its own: the second statement then sees all that was committed by whoever had the
/// locks. Both go in one batch, which is one round trip and one transaction; everybody locks in the order of ids.
/// An order of an unknown listing leaves its row, and there are no totals to change. The books of the seller, the sales by
/// day, go by the same difference; a row that an older version wrote was never booked, and is when it is filled in.
/// An unpaid state of an order that is older than such are kept (<see cref="ForgetReservations"/>) may only change a row that is
/// still there.
/// </remarks>
internal sealed partial class ReservationLedger(
    NpgsqlDataSource database, Outbox outbox, AvailabilityPublisher availability, Retention retention, TimeProvider clock)
{
    /// <summary>Enters the states of orders, each unless it or a newer one is entered already.</summary>
    /// <param name="orders">By their own states, whichever events brought them: they are told whole.</param>
    /// <param name="cancellationToken">Gives up; they may be entered all the same.</param>
    public async Task EnterAsync(IEnumerable<OrderState> orders, CancellationToken cancellationToken)
    {
        var entries = orders.Select(order => new Entry(order, StateOf(order))).ToList();
        var tickets = entries.Select(entry => entry.Order.TicketId).ToArray();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock) { Parameters = { new() { Value = tickets } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Enter)
        {
            Parameters =
            {
                new() { Value = entries.Select(entry => entry.Order.Id).ToArray() },
                new() { Value = tickets },
                new() { Value = entries.Select(entry => entry.Order.Quantity).ToArray() },
                new() { Value = entries.Select(entry => entry.State).ToArray() },
                new() { Value = entries.Select(entry => entry.Order.Version).ToArray() },
                new() { Value = entries.Select(entry => entry.Order.UserId).ToArray() },
                new() { Value = entries.Select(entry => entry.Order.Amount).ToArray() },
                new() { Value = entries.Select(entry => entry.Order.Currency).ToArray() },
                new() { Value = entries.Select(entry => entry.SoldAt).ToArray() },
                new() { Value = entries.Select(entry => entry.WasSold).ToArray() },
                new() { Value = entries.Select(entry => retention.IsForgotten(entry.Order)).ToArray() },
            },
        });
        var freed = entries.Where(entry => entry.State == "freed").Select(entry => entry.Order.TicketId).ToArray();
        if (freed.Length > 0)
            batch.BatchCommands.Add(TellWatchers.Command(freed, clock));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        availability.Changed(tickets);
        if (freed.Length > 0)
            outbox.Wake();
    }

    private static string StateOf(OrderState order) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment => "held",
        OrderStatus.Complete => "sold",
        OrderStatus.Cancelled => "freed",
        _ => throw new ArgumentException($"Order {order.Id} has the unknown status '{order.Status}'.", nameof(order)),
    };

    /// <param name="Order">As it was told.</param>
    /// <param name="State">What that means for the tickets.</param>
    private sealed record Entry(OrderState Order, string State)
    {
        /// <summary>The same however often it is told. Orders of an older version do not say when they were sold.</summary>
        public DateTimeOffset? SoldAt => State == "sold" ? Order.CompletedAt ?? Order.CreatedAt : null;

        /// <summary>Also if it was undone.</summary>
        public bool WasSold => State == "sold" || Order.CompletedAt is not null;
    }
}
