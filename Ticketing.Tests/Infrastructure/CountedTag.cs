using System.Diagnostics.Metrics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Infrastructure;

/// <summary>By how much a counter of the services went up with this as its first tag.</summary>
internal sealed class CountedTag : IDisposable
{
    private readonly MeterListener listener = new();
    private long times;

    /// <param name="name">The counter's name.</param>
    /// <param name="tag">The value of its first tag; null: whatever its tags.</param>
    public CountedTag(string name, string? tag = null)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == Telemetry.Meter && instrument.Name == name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tag is null || (tags.Length > 0 && tags[0].Value is string seen && seen == tag))
                Interlocked.Add(ref times, value);
        });
        listener.Start();
    }

    public long Times => Interlocked.Read(ref times);

    public void Dispose() => listener.Dispose();
}
