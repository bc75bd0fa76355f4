using System.Collections.Concurrent;
using System.Diagnostics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>All that the services of this process do while it is there, as an exporter of traces sees it.</summary>
internal sealed class RecordedActivities : IDisposable
{
    private readonly ConcurrentQueue<Activity> ended = [];
    private readonly ActivityListener listener;

    public RecordedActivities()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or "MassTransit" or "Microsoft.AspNetCore",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>What has ended of a trace and is followed.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace) =>
        [.. ended.Where(activity => activity.TraceId == trace && activity.Recorded)];

    public void Dispose() => listener.Dispose();
}
