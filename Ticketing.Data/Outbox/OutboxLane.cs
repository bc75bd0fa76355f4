using Ticketing.Contracts;

namespace Ticketing.Data;

/// <summary>Which part of the outbox is relayed by itself.</summary>
public enum OutboxLane
{
    /// <summary>What is told of holds and listings. It gives way to urgent work for moments.</summary>
    Ordinary,

    /// <summary><see cref="Topology.MoneyEvents"/>, which wait for nobody.</summary>
    Money,
}

internal static class OutboxLanes
{
    // As the index has it, word by word, so that the planner sees that it is the same: 0001_outbox_money.sql.
    private static readonly string Money = string.Join(", ", Topology.MoneyEvents.Select(type => $"'{type.Name}'"));

    /// <summary>The lane's rows, as a condition in SQL.</summary>
    public static string Condition(this OutboxLane lane) => lane is OutboxLane.Money ? $"type IN ({Money})" : $"type NOT IN ({Money})";
}
