using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.ServiceDefaults;

/// <summary>Work in the background that goes on for as long as the service runs.</summary>
public static partial class BackgroundWork
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "ticketing.background.failures", "{failure}", "Exceptions that work in the background did not expect; it went on after each.");

    /// <summary>
    /// Does it until it ends by itself or the service stops. What it throws would stop the whole service
    /// (<see cref="BackgroundServiceExceptionBehavior.StopHost"/>) or, ignored, end the work unseen: it is logged, counted, and the
    /// work begins anew after a second.
    /// </summary>
    /// <param name="service">Whose work it is.</param>
    /// <param name="work">Expects itself whatever is usual, such as a server that is away.</param>
    /// <param name="clock">Measures the pause.</param>
    /// <param name="logger">The service's.</param>
    /// <param name="stoppingToken">Ends the work.</param>
    public static async Task KeepRunningAsync(
        this BackgroundService service, Func<CancellationToken, Task> work, TimeProvider clock, ILogger logger, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await work(stoppingToken);
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                var name = service.GetType().Name;
                Count(name);
                LogFailed(logger, name, failure);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    /// <summary>Counts a failure of some work.</summary>
    internal static void Count(string work) => Failures.Add(1, new KeyValuePair<string, object?>("ticketing.background.work", work));

    [LoggerMessage(LogLevel.Error, "{Work} failed unexpectedly, and begins anew")]
    private static partial void LogFailed(ILogger logger, string work, Exception failure);
}
