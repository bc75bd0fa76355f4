namespace Ticketing.Reliability;

/// <summary>How a platform of one's own is hosted.</summary>
internal sealed record HostingOptions
{
    /// <summary>The AppHost's settings, e.g. <c>Parameters:hold_seconds</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables of every service's environment, beyond those that the AppHost sets.</summary>
    public IReadOnlyDictionary<string, string> ServiceEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>A data directory to keep; null for one of its own, which goes with it.</summary>
    public string? KeptData { get; init; }

    /// <summary>Whether the dashboard runs too, and the services send it their telemetry.</summary>
    public bool WithDashboard { get; init; }
}
