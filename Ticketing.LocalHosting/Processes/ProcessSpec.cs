namespace Ticketing.LocalHosting.Processes;

/// <summary>A program to run.</summary>
internal sealed record ProcessSpec(string FileName, params IReadOnlyList<string> Arguments)
{
    /// <summary>Name in messages.</summary>
    public string Name { get; init; } = Path.GetFileName(FileName);

    /// <summary>Variables set or, when null, taken away; all others are inherited.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The user whose rights the program runs with; null: those of this process. Needs root.</summary>
    public string? User { get; init; }

    /// <summary>The signal that asks the program to end in good order.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>Gets every line of output.</summary>
    public Action<string> Log { get; init; } = _ => { };

    /// <summary>Where the process is noted while it runs.</summary>
    public ProcessLedger? Ledger { get; init; }
}
