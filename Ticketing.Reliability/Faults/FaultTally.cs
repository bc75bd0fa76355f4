namespace Ticketing.Reliability;

/// <summary>What became of one kind of fault in a run.</summary>
/// <param name="kills">Whether a process is killed each time.</param>
internal sealed class FaultTally(bool kills)
{
    public bool Kills => kills;

    /// <summary>How often it happened.</summary>
    public int Times { get; private set; }

    /// <summary>How often it happened at another moment, since its step did not come.</summary>
    public int Missed { get; private set; }

    /// <summary>The longest time until everything ran and was healthy again.</summary>
    public TimeSpan LongestRecovery { get; private set; }

    public void Note(bool struck, TimeSpan recovery)
    {
        Times++;
        if (!struck)
            Missed++;
        if (recovery > LongestRecovery)
            LongestRecovery = recovery;
    }
}
