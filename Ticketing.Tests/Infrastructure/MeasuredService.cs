using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Ticketing.Tests.Infrastructure;

/// <summary>Reads the observable metrics of one service, and not those of others in this process.</summary>
internal sealed class MeasuredService : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(string Name, string? Tag), double> measured = new();

    public MeasuredService(IServiceProvider service)
    {
        var meters = service.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>(Keep);
        listener.SetMeasurementEventCallback<long>(Keep);
        listener.SetMeasurementEventCallback<double>(Keep);
        listener.Start();
    }

    /// <summary>What the metric says now; NaN if it says nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tag">The value of its first tag, if it has any.</param>
    public double Of(string name, string? tag = null)
    {
        listener.RecordObservableInstruments();
        return measured.GetValueOrDefault((name, tag), double.NaN);
    }

    public void Dispose() => listener.Dispose();

    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct, IConvertible =>
        measured[(instrument.Name, tags.Length > 0 ? tags[0].Value?.ToString() : null)] =
            value.ToDouble(System.Globalization.CultureInfo.InvariantCulture);
}
