using RabbitMQ.Client;

namespace Ticketing.Messaging;

/// <summary>
/// Where a message ends that its queue's service cannot handle, by MassTransit's names: one that failed, and one that no
/// consumer there knows. The reason is in the message's headers (<c>MT-Reason</c>, <c>MT-Fault-Message</c> and the like).
/// </summary>
/// <param name="Broker">Where the broker is.</param>
/// <param name="Queues">The durable queues that the service consumes.</param>
/// <param name="Former">Those of the release before, which are there where it has run.</param>
internal sealed record ErrorQueues(BrokerAddress Broker, IReadOnlyList<string> Queues, IReadOnlyList<string> Former)
{
    /// <summary>The queues of this service that there are.</summary>
    public async Task<IReadOnlyList<string>> PresentAsync(IConnection connection, CancellationToken cancellationToken) =>
        [.. Queues, .. await TopologyDeclaration.PresentAsync(connection, Former, cancellationToken)];

    /// <summary>The two that belong to a queue.</summary>
    public static IReadOnlyList<string> Of(string queue) => [$"{queue}_error", $"{queue}_skipped"];
}
