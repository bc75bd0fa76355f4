namespace Ticketing.Reliability;

/// <summary>Something that goes wrong.</summary>
/// <param name="Name">What, and at which step.</param>
/// <param name="Strike">
/// Makes it go wrong; when it returns, nothing is held back any more and recovery begins. It may give up without having struck
/// when its step does not come, and then says so.
/// </param>
internal sealed record Fault(string Name, Func<FaultContext, Task<bool>> Strike)
{
    /// <summary>Whether Orders or its database is away meanwhile: only then may a hold last longer.</summary>
    public bool OrdersAway { get; init; }

    /// <summary>Whether a process is killed.</summary>
    public bool Kills { get; init; }
}
