namespace Ticketing.Reliability;

/// <summary>Nothing is stuck: every event was told and handled.</summary>
internal static class MessagingInvariants
{
    public static IEnumerable<Violation> Violations(Snapshot snapshot)
    {
        foreach (var (service, events) in snapshot.Outboxes.Where(outbox => outbox.Value > 0))
            yield return new("Every event is told", $"{events} wait in the outbox of {service}");
        foreach (var (queue, messages) in snapshot.Queues.Where(queue => queue.Value > 0))
            yield return new("Every message is handled", $"{messages} are in {queue}");
    }
}
