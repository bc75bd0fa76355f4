using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.Tests.Infrastructure;

/// <summary>A service whose jobs do not run by themselves, since the test runs them.</summary>
internal static class Jobs
{
    public static void RemoveAll(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Name == "QuartzHostedService").ToArray())
            services.Remove(service);
    }
}
