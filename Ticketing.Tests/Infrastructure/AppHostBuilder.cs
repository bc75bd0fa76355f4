using Aspire.Hosting;

namespace Ticketing.Tests.Infrastructure;

/// <summary>Builds applications of a few of the AppHost's resources.</summary>
internal static class AppHostBuilder
{
    public static IDistributedApplicationBuilder Create(params string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = arguments,
            // The orchestrator's programs come with the AppHost.
            AssemblyName = "Ticketing.AppHost",
            DisableDashboard = true,
        });
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        return builder;
    }
}
