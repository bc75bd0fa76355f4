using System.Collections.Concurrent;
using System.Globalization;

namespace Ticketing.Reliability;

/// <summary>
/// The workload's own account of what it was told: a promise that later turns out not to be kept is a loss, whatever the
/// databases say among themselves.
/// </summary>
internal sealed class Account
{
    private const int ViolationsKept = 100;

    private readonly ConcurrentDictionary<Guid, ListingClaim> listings = new();
    private readonly ConcurrentDictionary<Guid, OrderClaim> orders = new();
    private readonly ConcurrentDictionary<(Guid User, string Key), Guid> keys = new();
    private readonly ConcurrentDictionary<(string What, string Status), int> answers = new();
    private readonly ConcurrentQueue<Violation> broken = new();
    private int operations;

    /// <summary>How many requests were answered or broke off.</summary>
    public int Operations => operations;

    /// <summary>How often each answer was given.</summary>
    public IReadOnlyDictionary<(string What, string Status), int> Answers => answers;

    /// <summary>Orders that were promised.</summary>
    public int Orders => orders.Count;

    /// <summary>Answers that ought not to have been given.</summary>
    public IReadOnlyCollection<Violation> Broken => broken;

    /// <summary>Notes an answer.</summary>
    public void Note(string what, Answer answer, int[] allowed, string request)
    {
        Interlocked.Increment(ref operations);
        answers.AddOrUpdate((what, answer.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"), 1, (_, count) => count + 1);
        if (!answer.Away && !allowed.Contains(answer.Status!.Value))
            Break("Only expected answers", $"{what}: {request} was answered with {answer.Status} {answer.Body}");
    }

    /// <summary>A 201 for a listing, or a 200 for its change.</summary>
    public void Listed(Guid id, int version) =>
        listings.AddOrUpdate(id, new ListingClaim(version, false), (_, claim) => claim with { Version = Math.Max(claim.Version, version) });

    /// <summary>A 204 for a listing's deletion.</summary>
    public void Delisted(Guid id) => listings.AddOrUpdate(id, new ListingClaim(0, true), (_, claim) => claim with { Deleted = true });

    /// <summary>A 201 for an order.</summary>
    public void Ordered(Guid id, Guid userId, Guid ticketId, int quantity, string key)
    {
        orders.TryAdd(id, new OrderClaim(userId, ticketId, quantity));
        if (keys.GetOrAdd((userId, key), id) is var first && first != id)
            Break("One order for one idempotency key", $"key {key} of user {userId} gave order {first} and order {id}");
    }

    /// <summary>A 204 for an order's cancellation.</summary>
    public void Cancelled(Guid id) => Change(id, claim => claim with { Cancelled = true });

    /// <summary>The order was shown as complete.</summary>
    public void Bought(Guid id) => Change(id, claim => claim with { Complete = true });

    /// <summary>Notes a broken promise.</summary>
    public void Break(string invariant, string found)
    {
        if (broken.Count < ViolationsKept)
            broken.Enqueue(new(invariant, found));
    }

    /// <summary>Every promise that the platform, once settled, does not keep.</summary>
    public IEnumerable<Violation> Violations(Snapshot snapshot)
    {
        foreach (var violation in broken)
            yield return violation;

        foreach (var (id, claim) in listings)
        {
            if (snapshot.Listings.GetValueOrDefault(id) is not { } listing)
                yield return new("A listing that was promised exists", $"listing {id} is gone");
            else if (listing.Version < claim.Version || (claim.Deleted && !listing.Deleted))
                yield return new("A listing's change that was promised is there", $"promised {claim}, found {listing}");
        }

        foreach (var (id, claim) in orders)
        {
            if (snapshot.Orders.GetValueOrDefault(id) is not { } order)
            {
                yield return new("An order that was promised exists", $"order {id} is gone");
                continue;
            }

            if ((order.UserId, order.TicketId, order.Quantity) != (claim.UserId, claim.TicketId, claim.Quantity))
                yield return new("An order is what was promised", $"promised {claim}, found {order}");
            if (claim.Cancelled && order is not { Status: "cancelled" })
                yield return new("A cancelled order stays cancelled", $"{order}");
            if (claim.Complete && order is not ({ Complete: true } or { Reason: "payment_failed" }))
                yield return new("A bought order stays bought", $"{order}");
        }
    }

    private void Change(Guid id, Func<OrderClaim, OrderClaim> change)
    {
        // Only orders that were promised are spoken of.
        for (var claim = orders[id]; !orders.TryUpdate(id, change(claim), claim); claim = orders[id])
        {
        }
    }

    private sealed record ListingClaim(int Version, bool Deleted);

    private sealed record OrderClaim(Guid UserId, Guid TicketId, int Quantity, bool Cancelled = false, bool Complete = false);
}
