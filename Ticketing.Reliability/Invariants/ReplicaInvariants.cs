using Ticketing.ServiceDefaults;

namespace Ticketing.Reliability;

/// <summary>No event is lost: what a service knows of another's things equals what the owner says.</summary>
internal static class ReplicaInvariants
{
    /// <summary>The least that any installation keeps what ended unpaid. Then each service forgets it by itself.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static IEnumerable<Violation> Violations(Snapshot snapshot) =>
        [.. Listings(snapshot), .. Reservations(snapshot), .. Payables(snapshot)];

    private static IEnumerable<Violation> Listings(Snapshot snapshot)
    {
        foreach (var listing in snapshot.Listings.Values)
        {
            if (snapshot.Stock.GetValueOrDefault(listing.Id) is not { } stock)
                yield return new("Orders knows every listing", $"listing {listing.Id} is missing");
            else if ((stock.Price, stock.Quantity, stock.Version, stock.Deleted) != (listing.Price, listing.Quantity, listing.Version, listing.Deleted))
                yield return new("Orders knows every listing as it is", $"Tickets has {listing}, Orders has {stock}");
        }

        foreach (var stock in snapshot.Stock.Values.Where(stock => !snapshot.Listings.ContainsKey(stock.Id)))
            yield return new("Every listing that Orders knows exists", $"{stock} is unknown to Tickets");
    }

    private static IEnumerable<Violation> Reservations(Snapshot snapshot)
    {
        foreach (var order in snapshot.Orders.Values)
        {
            var reservation = snapshot.Reservations.GetValueOrDefault(order.Id);
            var state = order.Open ? "held" : order.Complete ? "sold" : "freed";
            if ((reservation?.State ?? "freed") != state || (reservation is not null && reservation.Quantity != order.Quantity))
                yield return new("Tickets knows every order as it is", $"{order}; Tickets has {reservation?.ToString() ?? "nothing"}");
        }

        foreach (var reservation in snapshot.Reservations.Values.Where(reservation =>
            !snapshot.Orders.ContainsKey(reservation.OrderId) && !(reservation.State is "freed" && IsOld(reservation.OrderId, snapshot))))
            yield return new("Every order that Tickets knows exists", $"{reservation} is unknown to Orders");
    }

    private static IEnumerable<Violation> Payables(Snapshot snapshot)
    {
        foreach (var order in snapshot.Orders.Values)
        {
            var payable = snapshot.Payables.GetValueOrDefault(order.Id);
            if (payable is null && order.Status is "cancelled" && IsOld(order.Id, snapshot))
                continue;
            if (payable is null || (payable.Status, payable.Amount, payable.Version) != (order.Status, order.Amount, order.Version))
                yield return new("Payments knows every order as it is", $"{order}; Payments has {payable?.ToString() ?? "nothing"}");
        }

        foreach (var payable in snapshot.Payables.Values.Where(payable =>
            !snapshot.Orders.ContainsKey(payable.Id) && !(payable.Status is "cancelled" && IsOld(payable.Id, snapshot))))
            yield return new("Every order that Payments knows exists", $"{payable} is unknown to Orders");
    }

    private static bool IsOld(Guid orderId, Snapshot snapshot) => orderId < Retention.FirstIdOf(snapshot.At - Kept);
}
