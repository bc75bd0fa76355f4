using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Tests.Model;

/// <summary>What Orders is to do.</summary>
internal static class OrderRules
{
    public static Outcome Apply(State state, Reserve reserve)
    {
        var number = state.ListingNumber(reserve.Listing);
        var own = state.Orders.Where(order => order.Buyer == reserve.Buyer).ToList();
        var here = own.Where(order => order.Listing == number).ToList();
        var unpaid = here.Where(order => order.Unpaid is not null).Select(order => order.Unpaid!.Value).OrderDescending().ToList();
        if (state.Replicas.GetValueOrDefault(number) is not { Deleted: false } listing)
            return new Outcome(state, 404);
        if (here.Where(order => order.Status != OrderStatus.Cancelled).Sum(order => order.Quantity) + reserve.Quantity > State.MaxPerBuyer)
            return new Outcome(state, 400);
        if (unpaid.Count >= 2 && unpaid[0] + State.PauseSeconds > state.Now)
            return new Outcome(state, 429);
        if (own.Where(order => order.Open).Sum(order => order.Quantity) + reserve.Quantity > State.MaxHeldPerUser)
            return new Outcome(state, 429);
        if (listing.Available < reserve.Quantity)
            return new Outcome(state, 400);

        var ends = state.Now + State.HoldSeconds;
        var order = new Order(
            reserve.Buyer, number, reserve.Quantity, listing.Price * reserve.Quantity, listing.Version,
            OrderStatus.Created, null, ends, ends, -1, null, null, 0);
        return new Outcome(
            Free(state, order, -1) with { Orders = state.Orders.Add(order) }, 201,
            [News(nameof(OrderCreated), state.Orders.Count, order)]);
    }

    public static Outcome Apply(State state, Cancel cancel, Order order)
    {
        if (cancel.Stranger)
            return new Outcome(state, 401);
        var cancelled = order with { Status = OrderStatus.Cancelled, Reason = CancelReason.Buyer, Unpaid = order.Unpaid ?? state.Now };
        return order switch
        {
            { Open: true } => Change(Free(state, order), state.OrderNumber(cancel.Order), nameof(OrderCancelled), cancelled) with { Answer = 204 },
            // Its tickets are free already; a late payment finds it final.
            { Reason: CancelReason.Expired } => Change(state, state.OrderNumber(cancel.Order), nameof(OrderCancelled), cancelled) with { Answer = 204 },
            { Status: OrderStatus.Cancelled } => new Outcome(state, 204),
            _ => new Outcome(state, 400),
        };
    }

    public static Outcome Apply(State state, StartPayment start, Order order) => order.Open && order.PaymentVersion < start.Version
        ? Change(state, state.OrderNumber(start.Order), nameof(OrderPaymentStateChanged), order with
        {
            Status = OrderStatus.AwaitingPayment,
            Expires = Math.Max(order.Expires, Math.Min(order.HoldEnds, state.Now) + State.GraceSeconds),
            PaymentVersion = start.Version,
        })
        : new Outcome(state);

    public static Outcome Apply(State state, Decline decline, Order order) => order.Open && order.PaymentVersion < decline.Version
        ? Change(state, state.OrderNumber(decline.Order), nameof(OrderPaymentStateChanged), order with
        {
            Status = OrderStatus.Created,
            Expires = Math.Min(order.Expires, Math.Max(order.HoldEnds, state.Now + State.SecondChanceSeconds)),
            PaymentVersion = decline.Version,
        })
        : new Outcome(state);

    /// <summary>Exactly one verdict for each intent.</summary>
    public static Outcome Apply(State state, Authorize authorize, Order order)
    {
        var judged = (Order: state.OrderNumber(authorize.Order), authorize.Intent);
        if (state.Judged.Contains(judged))
            return new Outcome(state);
        state = state with { Judged = state.Judged.Add(judged) };

        var replica = state.Replicas[order.Listing];
        var retaken = order.Reason == CancelReason.Expired && !replica.Deleted && replica.Available >= order.Quantity;
        if (!order.Open && !retaken)
        {
            var reason = order.Status == OrderStatus.Complete ? "already_paid"
                : order.Reason == CancelReason.Expired ? "sold_out"
                : "cancelled";
            return new Outcome(state, Told: [new Refusal(judged.Order, authorize.Intent, reason)]);
        }

        return Change(retaken ? Free(state, order, -1) : state, state.OrderNumber(authorize.Order), nameof(OrderCompleted), order with
        {
            Status = OrderStatus.Complete,
            Reason = null,
            Unpaid = null,
            Intent = authorize.Intent,
            PaymentVersion = Math.Max(order.PaymentVersion, authorize.Version),
        });
    }

    public static Outcome Apply(State state, FailCapture fail, Order order) =>
        order.Status == OrderStatus.Complete && order.Intent == fail.Intent
            ? Change(Free(state, order), state.OrderNumber(fail.Order), nameof(OrderCancelled), order with
            {
                Status = OrderStatus.Cancelled,
                Reason = CancelReason.PaymentFailed,
                PaymentVersion = Math.Max(order.PaymentVersion, fail.Version),
            })
            : new Outcome(state);

    /// <summary>Only for people who look into a case, but it makes older news of the payment old.</summary>
    public static Outcome Apply(State state, NoteCapture note, Order order) => new(state with
    {
        Orders = state.Orders.SetItem(
            state.OrderNumber(note.Order), order with { PaymentVersion = Math.Max(order.PaymentVersion, note.Version) }),
    });

    /// <summary>Ends those of these orders that are still open.</summary>
    public static Outcome Expire(State state, IEnumerable<int> due)
    {
        var told = ImmutableList<Message>.Empty;
        foreach (var number in due.Where(number => state.Orders[number].Open))
        {
            var order = state.Orders[number];
            var ended = Change(Free(state, order), number, nameof(OrderCancelled),
                order with { Status = OrderStatus.Cancelled, Reason = CancelReason.Expired, Unpaid = state.Now });
            (state, told) = (ended.State, told.AddRange(ended.Told!));
        }
        return new Outcome(state, Told: told);
    }

    /// <summary>The newest state of a listing counts, but never fewer tickets than are held and sold.</summary>
    public static Outcome Hear(State state, ListingNews news)
    {
        var before = state.Replicas.GetValueOrDefault(news.Listing);
        if (before?.Version >= news.Version)
            return new Outcome(state);
        var taken = before is null ? 0 : before.Quantity - before.Available;
        var deleted = news.Type == nameof(TicketDeleted);
        var quantity = Math.Max(news.Quantity, taken);
        return new Outcome(
            state with
            {
                Replicas = state.Replicas.SetItem(
                    news.Listing, new Replica(quantity, quantity - taken, news.Price, news.Version, deleted)),
            },
            Told: quantity > news.Quantity && !deleted ? [new Correction(news.Listing, quantity, news.Version)] : []);
    }

    private static State Free(State state, Order order, int times = 1)
    {
        var replica = state.Replicas[order.Listing];
        return state with
        {
            Replicas = state.Replicas.SetItem(
                order.Listing, replica with { Available = replica.Available + (order.Quantity * times) }),
        };
    }

    private static Outcome Change(State state, int number, string what, Order changed)
    {
        changed = changed with { Version = changed.Version + 1 };
        return new Outcome(state with { Orders = state.Orders.SetItem(number, changed) }, Told: [News(what, number, changed)]);
    }

    private static OrderNews News(string type, int number, Order order) => new(
        type, number, order.Listing, order.Quantity, order.Amount, order.Status, order.Reason, order.Expires, order.Intent,
        order.Version);
}
