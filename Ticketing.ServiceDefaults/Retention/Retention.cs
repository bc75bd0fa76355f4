using System.Buffers.Binary;
using Microsoft.Extensions.Options;
using Ticketing.Contracts;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// How long what came to nothing is kept. The age of an order is in its id, a UUIDv7 (RFC 9562), which every copy and every event
/// of it has and which never changes: so all services judge the same order alike, whichever of its states they see.
/// </summary>
/// <remarks>
/// Whoever has forgotten an order does not know its version any more, and would take an old event of it for news. So an unpaid state
/// of an order that is older than this begins nothing: it may only change what is still there. What is paid has no age.
/// </remarks>
public sealed class Retention(IOptions<RetentionOptions> options, TimeProvider clock)
{
    /// <summary>How much later than it is ignored something is forgotten, since replicas' clocks differ.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    private TimeSpan Kept => TimeSpan.FromDays(options.Value.Days);

    /// <summary>An unpaid state of an order with a smaller id than this begins nothing any more.</summary>
    public Guid FirstHeeded => FirstIdOf(clock.GetUtcNow() - Kept);

    /// <summary>Orders with a smaller id than this are forgotten if nobody paid them.</summary>
    public Guid FirstKept => FirstIdOf(KeptSince);

    /// <summary>
    /// The same for orders of which a payment was begun: twice as long. By then no bank holds money for them any more (30 days at the
    /// most, at Stripe), and no payment page is open.
    /// </summary>
    public Guid FirstKeptOfBegun => FirstIdOf(KeptSince - Kept);

    /// <summary>What is older may go.</summary>
    public DateTimeOffset KeptSince => clock.GetUtcNow() - Kept - ClocksDiffer;

    /// <summary>Whether the state of an order comes too late to begin anything.</summary>
    public bool IsForgotten(OrderState order) =>
        order.Status != OrderStatus.Complete && order.CompletedAt is null && order.Id < FirstHeeded;

    /// <summary>The smallest UUIDv7 of a moment: its milliseconds since 1970 in the first 48 bits.</summary>
    /// <param name="time">Not before 1970.</param>
    public static Guid FirstIdOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
