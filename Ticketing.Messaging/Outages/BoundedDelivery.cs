using System.Globalization;
using MassTransit;

namespace Ticketing.Messaging;

/// <summary>
/// Bounds what one message may take of a consumer, whatever happens in it: the time that it is held, and how often it is
/// delivered, e.g. one that kills the process each time. Either ends in the error queue, unless it is a server that is away.
/// </summary>
/// <param name="breaker">Knows whether a server is away.</param>
/// <param name="longest">How long a delivery is held, with all attempts.</param>
internal sealed class BoundedDelivery(ConsumerCircuitBreaker breaker, TimeSpan longest) : IFilter<ConsumeContext>
{
    /// <summary>
    /// Below RabbitMQ 4's own limit of 20, at which it drops a message where no policy sets a higher one. A message is given back
    /// once by each outage, and by each end of a process that had it in hand.
    /// </summary>
    internal const long MaxRedeliveries = 15;

    /// <summary>How often a quorum queue has taken the message back.</summary>
    private const string CountHeader = "x-delivery-count";

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (Redeliveries(context.ReceiveContext) is >= MaxRedeliveries and var count)
        {
            await breaker.WaitForServersAsync(context.CancellationToken);
            throw new RedeliveredTooOftenException($"It was taken back {count} times: consumers ended, or gave it back, before they had handled it.");
        }

        var handling = next.Send(context);
        await handling.WaitAsync(longest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (handling.IsCompleted)
        {
            await handling;
            return;
        }
        await breaker.WaitForServersAsync(context.CancellationToken);
        throw new TimeoutException($"It was not handled within {longest.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("boundedDelivery");

    /// <summary>How often a delivery's message was taken back before.</summary>
    internal static long Redeliveries(ReceiveContext delivery) =>
        delivery.TransportHeaders.TryGetHeader(CountHeader, out var count) ? Convert.ToInt64(count, CultureInfo.InvariantCulture) : 0;
}

/// <summary>A message came back too often.</summary>
/// <param name="message">How often.</param>
internal sealed class RedeliveredTooOftenException(string message) : Exception(message);
