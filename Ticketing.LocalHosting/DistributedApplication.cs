using System.Runtime.InteropServices;
using Ticketing.LocalHosting.Dashboard;
using Ticketing.LocalHosting.Dashboard.Access;
using Ticketing.LocalHosting.Dashboard.Otlp;
using Ticketing.LocalHosting.Dashboard.Store;
using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Engine.Watch;
using Ticketing.LocalHosting.Publishing;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.LocalHosting;

/// <summary>The whole application: servers and services, started, watched and stopped together.</summary>
public sealed class DistributedApplication
{
    private readonly ApplicationModel model;
    private readonly ConsoleLog log = new(Console.Out);

    internal DistributedApplication(ApplicationModel model) => this.model = model;

    /// <summary>Begins the description of an application.</summary>
    /// <param name="args">Settings as <c>--Key=Value</c>, e.g. <c>--Parameters:hold_seconds=5</c>.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = new DistributedApplicationBuilder(args);
        // Whoever asks for this setting keeps things where the engine does, also when it was not given or is relative.
        builder.Configuration["Parameters:data-dir"] = DataDirectory.PathFor(builder.Configuration, builder.AppHostDirectory);
        return builder;
    }

    /// <summary>
    /// Runs until Ctrl-C, SIGTERM or SIGHUP, and stops everything then; the exit code is 1 if it could not start.
    /// </summary>
    public void Run()
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            RunAsync(stop.Token).GetAwaiter().GetResult();
        }
        catch (LocalHostingException exception)
        {
            Console.Error.WriteLine(exception.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Runs until <paramref name="cancellationToken"/> and stops everything then.</summary>
    /// <exception cref="LocalHostingException">Something is missing on this machine, a port is taken, or a server does
    /// not start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (model.Configuration["publisher"] is { } publisher)
        {
            log.Say($"Wrote {Publishers.Publish(publisher, model)}");
            return;
        }
        if (!OperatingSystem.IsLinux())
            throw new LocalHostingException("""
                The local engine runs on Linux only. Elsewhere build with -p:UseAspire=true, which needs a container runtime, or use a
                Linux virtual machine.
                """);

        var path = DataDirectory.PathFor(model.Configuration, model.AppHostDirectory);
        using var data = DataDirectory.Open(path);
        log.Say($"Data directory {path}");
        var leftovers = await data.Ledger.StopLeftoversAsync(TimeSpan.FromSeconds(5));
        if (leftovers.Count > 0)
            log.Say($"Stopped what an earlier run left behind: {string.Join(", ", leftovers)}");

        var dashboardPort = Ports.Dashboard(model.Configuration);
        var (grpcPort, httpPort) = Ports.Otlp(model.Configuration, dashboardPort);
        var otlp = new OtlpAddresses(grpcPort, httpPort, Settings.Parameter(model.Configuration, "otlp-api-key") ?? SecretFile.Generate());
        var token = new LoginToken(Settings.Parameter(model.Configuration, "dashboard-token"));
        using var runner = new ApplicationRunner(model, data, log)
        {
            Dashboard = $"http://localhost:{dashboardPort}/login?t={token.Value}",
            Telemetry = otlp.Target,
        };
        var telemetry = new TelemetryStore();
        await using var receiver = await OtlpReceiver.StartAsync(otlp, telemetry);
        await using var dashboard = await DeveloperDashboard.StartAsync(dashboardPort, new(runner, log.History, telemetry, token, otlp));
        log.Say($"Dashboard {runner.Dashboard}");
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = Settings.Parameter(model.Configuration, "watch") is "on" ? WatchAsync(runner, data, stop.Token) : Task.CompletedTask;
            try
            {
                await runner.RunAsync(cancellationToken);
            }
            finally
            {
                await stop.CancelAsync();
                await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop: everything has stopped by now.
        }
    }

    private async Task WatchAsync(ApplicationRunner runner, DataDirectory data, CancellationToken stopping)
    {
        using var watch = new SourceWatch(runner, data.PathOf("builds"), log);
        try
        {
            await watch.RunAsync(stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            log.Say($"The sources are not watched any more: {failure.Message}");
        }
    }
}
