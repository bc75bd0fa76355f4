using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Xunit;

namespace Ticketing.Tests.Messaging;

/// <summary>Which rows of the outbox go in one message.</summary>
public sealed class PackingTests
{
    private long seq;

    [Fact]
    public void What_waits_goes_together_by_its_kind_in_the_order_of_its_commits() =>
        Pack([Row("A"), Row("B"), Row("A"), Row("C"), Row("B")]).ShouldBe([[1, 3], [2, 5], [4]], ignoreOrder: true);

    [Fact]
    public void A_message_has_a_most()
    {
        var packed = Pack(Enumerable.Range(0, 1_001).Select(_ => Row("A")));

        packed.Select(message => message.Length).ShouldBe([EventBatch.MaxSize, EventBatch.MaxSize, 1]);
    }

    [Fact]
    public void A_message_does_not_grow_beyond_what_a_broker_likes() =>
        Pack([Row("A", length: EventBatch.MaxLength - 1), Row("A"), Row("A")]).ShouldBe([[1, 2], [3]]);

    [Fact]
    public void What_was_refused_before_takes_nothing_with_it() =>
        Pack([Row("A"), Row("A", attempts: 1), Row("A")]).ShouldBe([[2], [1, 3]]);

    private static List<long[]> Pack(IEnumerable<OutboxRelay.OutboxRow> rows) =>
        [.. OutboxRelay.Pack(rows).Select(message => message.Select(row => row.Seq).ToArray())];

    private OutboxRelay.OutboxRow Row(string type, int attempts = 0, int length = 2) =>
        new(++seq, Guid.NewGuid(), type, new string(' ', length), TraceParent: null, attempts, DateTimeOffset.UnixEpoch);
}
