namespace Ticketing.Messaging;

/// <summary>
/// Where a message ends that its queue's service cannot handle, by MassTransit's names: one that failed, and one that no
/// consumer there knows. The reason is in the message's headers (<c>MT-Reason</c>, <c>MT-Fault-Message</c> and the like).
/// </summary>
/// <param name="Broker">Where the broker is.</param>
/// <param name="Queues">The durable queues that the service consumes.</param>
internal sealed record ErrorQueues(BrokerAddress Broker, IReadOnlyList<string> Queues)
{
    /// <summary>Every queue of this service in which messages may be laid aside.</summary>
    public IEnumerable<string> All => Queues.SelectMany(Of);

    /// <summary>The two that belong to a queue.</summary>
    public static IReadOnlyList<string> Of(string queue) => [$"{queue}_error", $"{queue}_skipped"];
}
