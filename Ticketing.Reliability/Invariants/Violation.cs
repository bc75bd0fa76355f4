namespace Ticketing.Reliability;

/// <summary>Something that must never be.</summary>
/// <param name="Invariant">What ought to hold.</param>
/// <param name="Found">What was found instead, with the ids involved.</param>
internal sealed record Violation(string Invariant, string Found)
{
    public override string ToString() => $"{Invariant}: {Found}";
}
