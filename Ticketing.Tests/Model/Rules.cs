using Ticketing.Contracts;

namespace Ticketing.Tests.Model;

/// <summary>
/// The reference: what each operation is to do, one after the other, with no database, no broker and no clock. Whoever
/// wants to know how the shop works reads this and <see cref="OrderRules"/>.
/// </summary>
internal static class Rules
{
    public static Outcome Apply(State state, Operation operation)
    {
        var outcome = operation switch
        {
            Offer offer => ListingRules.Apply(state, offer),
            Edit edit when state.ListingOf(edit.Listing) is { } listing => ListingRules.Apply(state, edit, listing),
            Withdraw withdraw when state.ListingOf(withdraw.Listing) is { } listing => ListingRules.Apply(state, withdraw, listing),
            Reserve reserve when !state.Listings.IsEmpty => OrderRules.Apply(state, reserve),
            Cancel cancel when state.OrderOf(cancel.Order) is { } order => OrderRules.Apply(state, cancel, order),
            StartPayment start when state.OrderOf(start.Order) is { } order => OrderRules.Apply(state, start, order),
            Decline decline when state.OrderOf(decline.Order) is { } order => OrderRules.Apply(state, decline, order),
            Authorize authorize when state.OrderOf(authorize.Order) is { } order => OrderRules.Apply(state, authorize, order),
            FailCapture fail when state.OrderOf(fail.Order) is { } order => OrderRules.Apply(state, fail, order),
            NoteCapture note when state.OrderOf(note.Order) is { } order => OrderRules.Apply(state, note, order),
            TellExpired told when state.OrderOf(told.Order) is { } order =>
                order.Expires <= state.Now ? OrderRules.Expire(state, [state.OrderNumber(told.Order)]) : new Outcome(state),
            Wait wait => new Outcome(state with { Now = state.Now + wait.Seconds }),
            Sweep => OrderRules.Expire(state, Enumerable.Range(0, state.Orders.Count)
                .Where(number => state.Orders[number].Expires <= state.Now - State.OverdueSeconds)),
            Deliver deliver when !state.UnderWay.IsEmpty => Apply(state, deliver),
            _ => new Outcome(state),
        };
        var deliverable = (outcome.Told ?? []).Where(IsDelivered);
        return outcome with { State = outcome.State with { UnderWay = outcome.State.UnderWay.AddRange(deliverable) } };
    }

    /// <summary>Whether Tickets or Orders hears it; the others do not take part here.</summary>
    private static bool IsDelivered(Message message) => message.Type is not (nameof(OrderPaymentStateChanged) or nameof(PaymentRefused));

    private static Outcome Apply(State state, Deliver deliver)
    {
        var message = MessageOf(state, deliver);
        if (!deliver.Again)
            state = state with { UnderWay = state.UnderWay.RemoveAt(state.MessageNumber(deliver.Message)) };
        return message switch
        {
            ListingNews news => OrderRules.Hear(state, news),
            Correction correction => ListingRules.Hear(state, correction),
            OrderNews news => ListingRules.Hear(state, news),
            _ => throw new ArgumentException($"Nobody hears {message}."),
        };
    }

    /// <summary>The message that is delivered.</summary>
    public static Message MessageOf(State state, Deliver deliver) => state.UnderWay[state.MessageNumber(deliver.Message)];

    /// <summary>What must always hold; the first thing that does not.</summary>
    public static string? Broken(State state)
    {
        foreach (var (number, replica) in state.Replicas)
        {
            var taken = state.Orders.Where(order => order.Listing == number && order.Status != OrderStatus.Cancelled).Sum(order => order.Quantity);
            if (replica.Available < 0 || replica.Available + taken != replica.Quantity)
                return $"listing {number}: {replica} with {taken} held or sold";
        }
        return null;
    }

    /// <summary>What must hold when every message has arrived; the first thing that does not.</summary>
    public static string? Unsettled(State state)
    {
        foreach (var (number, listing) in state.Listings.Index())
        {
            var orders = state.Orders.Where(order => order.Listing == number).ToList();
            var held = orders.Where(order => order.Open).Sum(order => order.Quantity);
            var sold = orders.Where(order => order.Status == OrderStatus.Complete).Sum(order => order.Quantity);
            if ((listing.Held, listing.Sold) != (held, sold))
                return $"listing {number}: {listing}, but {held} are held and {sold} sold";
            var replica = state.Replicas[number];
            if ((replica.Version, replica.Price, replica.Deleted) != (listing.Version, listing.Price, listing.Deleted)
                || (!listing.Deleted && replica.Quantity != listing.Quantity))
                return $"listing {number}: {listing} in Tickets, but {replica} in Orders";
        }
        return null;
    }
}
