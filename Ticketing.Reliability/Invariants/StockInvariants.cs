namespace Ticketing.Reliability;

/// <summary>
/// Nothing is oversold: what is held, sold and available adds up to what is offered, for Orders and for Tickets. And those
/// whom that concerns know it: the seller has it in the books, and who waits for tickets is told of them.
/// </summary>
internal static class StockInvariants
{
    public static IEnumerable<Violation> Violations(Snapshot snapshot)
    {
        var taken = snapshot.Orders.Values.Where(order => order.Open || order.Complete)
            .GroupBy(order => order.TicketId)
            .ToDictionary(orders => orders.Key, orders => orders.Sum(order => order.Quantity));

        foreach (var stock in snapshot.Stock.Values)
        {
            var orders = taken.GetValueOrDefault(stock.Id);
            if (stock.Available < 0 || orders + stock.Available != stock.Quantity)
            {
                yield return new("Orders' stock adds up",
                    $"listing {stock.Id} offers {stock.Quantity}, open and complete orders have {orders}, available are {stock.Available}");
            }
        }

        foreach (var (listing, orders) in taken.Where(taken => !snapshot.Stock.ContainsKey(taken.Key)))
            yield return new("An order is for a listing", $"{orders} tickets are ordered of listing {listing}, which Orders does not have");

        var reserved = snapshot.Reservations.Values.ToLookup(reservation => reservation.TicketId);
        foreach (var listing in snapshot.Listings.Values)
        {
            var held = reserved[listing.Id].Where(reservation => reservation.State == "held").Sum(reservation => reservation.Quantity);
            var sold = reserved[listing.Id].Where(reservation => reservation.State == "sold").Sum(reservation => reservation.Quantity);
            if (listing.Held != held || listing.Sold != sold || held + sold > listing.Quantity)
            {
                yield return new("Tickets' totals add up",
                    $"listing {listing.Id} offers {listing.Quantity} and shows {listing.Held} held and {listing.Sold} sold; its reservations are {held} held and {sold} sold");
            }
        }

        var bought = snapshot.Orders.Values.Where(order => order.Complete).ToLookup(order => order.TicketId);
        foreach (var listing in snapshot.Listings.Values)
        {
            var (tickets, amount) = (bought[listing.Id].Sum(order => order.Quantity), bought[listing.Id].Sum(order => order.Amount));
            var books = snapshot.Books.GetValueOrDefault(listing.Id);
            if ((books?.Tickets ?? 0, books?.Amount ?? 0) != (tickets, amount))
            {
                yield return new("A seller's books say what was sold",
                    $"of listing {listing.Id}, {tickets} tickets were bought for {amount}; booked is {books?.ToString() ?? "nothing"}");
            }
        }

        if (snapshot.Untold > 0)
            yield return new("Who waits for tickets is told", $"{snapshot.Untold} wait for listings that have some");
    }
}
