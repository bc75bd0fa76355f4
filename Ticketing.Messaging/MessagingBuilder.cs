using MassTransit;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>Which consumers a service has, and on which queues.</summary>
public sealed class MessagingBuilder
{
    private readonly List<Registration> registrations = [];

    internal IReadOnlyList<Registration> Registrations => registrations;

    /// <summary>
    /// Between attempts at a message whose failure may pass. With the attempts, which may each take until a statement has timed
    /// out, they are shorter than <see cref="LongestDelivery"/>.
    /// </summary>
    internal TimeSpan[] RetryIntervals { get; set; } = [.. ((double[])[0.5, 1, 2, 4, 8, 15, 15]).Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>How long a consumer may hold a message.</summary>
    internal TimeSpan LongestDelivery { get; set; } = TimeLimits.Delivery;

    /// <summary>
    /// Adds a consumer to a durable queue that all replicas share: each message reaches one of them. Consumers of the
    /// same queue are put together.
    /// </summary>
    /// <param name="queue">A name from <see cref="Contracts.Topology"/>.</param>
    /// <typeparam name="TConsumer">Consumes one or more events.</typeparam>
    public MessagingBuilder AddConsumer<TConsumer>(string queue)
        where TConsumer : class, IConsumer
    {
        registrations.Add(new Registration(queue, typeof(TConsumer), PerInstance: false));
        return this;
    }

    /// <summary>
    /// Adds a consumer to a queue of this process alone: each replica sees every event. The queue vanishes soon after
    /// its process, and what happened meanwhile is not told again.
    /// </summary>
    /// <param name="prefix">What the queue's name begins with.</param>
    /// <typeparam name="TConsumer">Consumes one or more events.</typeparam>
    public MessagingBuilder AddInstanceConsumer<TConsumer>(string prefix)
        where TConsumer : class, IConsumer
    {
        registrations.Add(new Registration($"{prefix}-{Guid.CreateVersion7():N}", typeof(TConsumer), PerInstance: true));
        return this;
    }

    internal sealed record Registration(string Queue, Type Consumer, bool PerInstance);
}
