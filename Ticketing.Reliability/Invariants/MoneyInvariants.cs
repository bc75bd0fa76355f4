namespace Ticketing.Reliability;

/// <summary>
/// Nobody is charged for nothing: one captured payment of exactly its price for a complete order, none for any other, and
/// no money left reserved.
/// </summary>
internal static class MoneyInvariants
{
    public static IEnumerable<Violation> Violations(Snapshot snapshot)
    {
        var intents = snapshot.Intents.Where(intent => intent.OrderId is not null).ToLookup(intent => intent.OrderId!.Value);

        foreach (var order in snapshot.Orders.Values)
        {
            List<IntentFact> taken = [.. intents[order.Id].Where(intent => intent.Taken)];
            if (order.Complete && (taken is not [var one] || one.Received != order.Amount || one.Refunded != 0 || one.Id != order.PaymentIntentId))
            {
                yield return new("A complete order is paid exactly once, exactly its price",
                    $"order {order.Id} costs {order.Amount} by {order.PaymentIntentId}; taken were {List(taken)} of {List(intents[order.Id])}");
            }
            if (!order.Complete && taken.Count > 0)
                yield return new("Only complete orders are charged", $"order {order.Id} is {order.Status} ({order.Reason}); taken were {List(taken)}");

            var status = snapshot.Payments.GetValueOrDefault(order.Id)?.Status;
            if (order.Complete != status is "captured")
                yield return new("Payments agrees with Orders", $"order {order.Id} is {order.Status}, its payment {status ?? "missing"}");
        }

        foreach (var intent in snapshot.Intents.Where(intent => intent.Held))
            yield return new("No money stays reserved", $"{intent.Id} still holds {intent.Amount} for order {intent.OrderId}");

        foreach (var intent in snapshot.Intents.Where(intent => intent.Taken && !(intent.OrderId is { } id && snapshot.Orders.ContainsKey(id))))
            yield return new("Money is taken for an order", $"{intent.Id} took {intent.Received} for order {intent.OrderId}, which does not exist");

        foreach (var payment in snapshot.Payments.Values)
        {
            if (snapshot.Orders.GetValueOrDefault(payment.OrderId) is { } order && (order.Amount != payment.Amount || order.UserId != payment.UserId))
                yield return new("A payment is of its order's price and buyer", $"payment {payment.Id} is of {payment.Amount}, order {order.Id} of {order.Amount}");
        }
    }

    private static string List(IEnumerable<IntentFact> intents) =>
        $"[{string.Join(", ", intents.Select(intent => $"{intent.Id} {intent.Status} {intent.Received}-{intent.Refunded}"))}]";
}
