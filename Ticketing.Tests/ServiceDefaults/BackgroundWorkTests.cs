using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using Shouldly;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web.Languages;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>What goes wrong in the background neither stops the service nor ends the work unseen.</summary>
public sealed class BackgroundWorkTests
{
    private static readonly string[] Product =
    [
        "Ticketing.ApiDefaults", "Ticketing.Auth", "Ticketing.Data", "Ticketing.Expiration", "Ticketing.Messaging", "Ticketing.Orders",
        "Ticketing.Payments", "Ticketing.ServiceDefaults", "Ticketing.Tickets", "Ticketing.Web",
    ];

    [Fact]
    public async Task A_loop_that_fails_is_logged_counted_and_begun_anew_and_the_service_goes_on()
    {
        using var failures = new FailureMeter();
        var log = new KeptErrors();
        using var host = Build<Kept>(log);
        await host.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => Task.FromResult(Kept.Runs >= 3), "the loop was begun anew twice");

        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        failures.Of(nameof(Kept)).ShouldBe(2);
        log.Errors.Count(line => line.Contains("Kept failed unexpectedly", StringComparison.Ordinal)).ShouldBe(2);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Kept.Runs.ShouldBe(3);
        failures.Of(nameof(Kept)).ShouldBe(2);
    }

    /// <summary>If the same loop did not stop the host by itself, the test above would show nothing.</summary>
    [Fact]
    public async Task Control_the_same_loop_by_itself_stops_the_service()
    {
        using var host = Build<Bare>(new KeptErrors());
        await host.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(
            () => Task.FromResult(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested),
            "the service is stopped");
    }

    [Fact]
    public async Task A_job_that_fails_is_logged_counted_and_run_again_at_its_time()
    {
        using var failures = new FailureMeter();
        var log = new KeptErrors();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddJob<Failing>(TimeSpan.FromMilliseconds(50));
        builder.AddJob<Other>(TimeSpan.FromHours(1));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => Task.FromResult(Failing.Runs >= 3), "it runs again and again");

        await host.StopAsync(TestContext.Current.CancellationToken);
        failures.Of(nameof(Failing)).ShouldBe(Failing.Runs);
        failures.Of(nameof(Other)).ShouldBe(0);
        log.Errors.ShouldContain(line => line.Contains(nameof(Failing), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_loop_of_the_product_is_kept_running()
    {
        var loops = Product.SelectMany(Sources.CodeOf).Where(code => code.Contains("BackgroundService", StringComparison.Ordinal)).ToList();
        loops.Count.ShouldBeGreaterThan(10);
        loops.ShouldAllBe(code => code.Contains("KeepRunningAsync(", StringComparison.Ordinal));
    }

    private static IHost Build<TLoop>(KeptErrors log)
        where TLoop : class, IHostedService
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<TLoop>();
        return builder.Build();
    }

    private sealed class Kept(TimeProvider clock, ILogger<Kept> logger) : BackgroundService
    {
        private static int runs;

        public static int Runs => Volatile.Read(ref runs);

        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

        private static Task RunAsync(CancellationToken stoppingToken) => Interlocked.Increment(ref runs) <= 2
            ? throw new InvalidOperationException("Nobody expected this.")
            : Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
    }

    private sealed class Bare : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("Nobody expected this.");
        }
    }

    private sealed class Failing : IJob
    {
        private static int runs;

        public static int Runs => Volatile.Read(ref runs);

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref runs);
            throw new InvalidOperationException("Nobody expected this.");
        }
    }

    private sealed class Other : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    /// <summary>Hears what is counted.</summary>
    private sealed class FailureMeter : IDisposable
    {
        private readonly ConcurrentBag<string?> counted = [];
        private readonly MeterListener listener = new();

        public FailureMeter()
        {
            listener.InstrumentPublished = (instrument, itself) =>
            {
                if (instrument.Name == "ticketing.background.failures")
                    itself.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(tags[0].Value as string));
            listener.Start();
        }

        public int Of(string work) => counted.Count(name => name == work);

        public void Dispose() => listener.Dispose();
    }

    /// <summary>Keeps the errors that are logged.</summary>
    private sealed class KeptErrors : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Errors.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
