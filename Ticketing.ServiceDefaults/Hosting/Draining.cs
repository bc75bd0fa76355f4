using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// The first act of stopping: for a moment the service still serves everybody, but is not ready any more and closes each
/// connection with its answer, so that callers go elsewhere before it stops listening. What has come in by then is finished.
/// </summary>
internal sealed class Draining(TimeSpan moment, TimeProvider clock) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>How long, in seconds (1; 0–60). Longer where a load balancer polls <c>/health</c> rarely.</summary>
    private const string Setting = "Shutdown:DrainSeconds";

    /// <summary>What the rest of stopping may take: requests, messages and the outbox.</summary>
    private static readonly TimeSpan Finishing = TimeSpan.FromSeconds(10);

    private volatile bool stopping;

    public static void Add(IHostApplicationBuilder builder)
    {
        var seconds = builder.Configuration.GetValue(Setting, 1.0);
        if (seconds is not (>= 0 and <= 60))
            throw new SettingException("Shutdown__DrainSeconds", "This is no number of seconds from 0 to 60.");
        var moment = TimeSpan.FromSeconds(seconds);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = moment + Finishing);
        builder.Services.AddSingleton(services => new Draining(moment, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<Draining>());
        builder.Services.AddHealthChecks().AddCheck<Draining>("stopping");
    }

    /// <summary>Closes connections with their answers while the service stops.</summary>
    public static void Use(WebApplication app)
    {
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use((context, next) =>
        {
            if (draining.stopping && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return next(context);
        });
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(stopping ? HealthCheckResult.Unhealthy("The service is being stopped.") : HealthCheckResult.Healthy());

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        await Task.Delay(moment, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
