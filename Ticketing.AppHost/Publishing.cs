using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.AppHost;

internal static class Publishing
{
    /// <summary>
    /// Says in one line what is wrong with a request to publish (<c>--publisher manifest --output-path PATH</c>, as azd makes it),
    /// and ends with 1 where publishing failed.
    /// </summary>
    /// <exception cref="DistributedApplicationException">Another publisher than Aspire's manifest was named, or no path.</exception>
    public static void CheckPublishing(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            return;

        // Aspire takes any other name for its whole pipeline, which would build and push images.
        if (builder.Configuration["Publishing:Publisher"] is { } publisher and not "manifest")
            throw new DistributedApplicationException($"--publisher: there is no {publisher}, only manifest.");
        if (string.IsNullOrEmpty(builder.Configuration["Pipeline:OutputPath"]))
            throw new DistributedApplicationException("--output-path PATH is missing: where the manifest is written.");
        builder.Services.AddHostedService<FailureExitCode>();
    }

    /// <summary>.NET's host ends with 0 also when a background service, such as Aspire's pipeline, has failed.</summary>
    private sealed class FailureExitCode(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            if (services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true }))
                Environment.ExitCode = 1;
            return Task.CompletedTask;
        }
    }
}
