using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.ServiceDefaults;

/// <summary>Health checks of the servers that a service works with.</summary>
public static class ServerHealthChecks
{
    /// <summary>
    /// The tag of these checks. Consumers ask them whether it is a server that is away, or a message that cannot be handled.
    /// </summary>
    public const string Tag = "server";

    /// <summary>
    /// Adds a check that has ended after <see cref="TimeLimits.HealthCheck"/>, whatever its client does: the cancellation of a
    /// command asks the server first, and one that hangs does not answer that either.
    /// </summary>
    /// <param name="builder">The service's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="server">What the server is called in the description, e.g. <c>Redis</c>.</param>
    /// <param name="whenAway">What the service is without it.</param>
    /// <param name="check">Makes the check.</param>
    public static IHealthChecksBuilder AddServer(
        this IHealthChecksBuilder builder, string name, string server, HealthStatus whenAway, Func<IServiceProvider, IHealthCheck> check) =>
        builder.Add(new HealthCheckRegistration(name, services => new LimitedHealthCheck(check(services), server), whenAway, [Tag]));

    private sealed class LimitedHealthCheck(IHealthCheck check, string server) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            // What is abandoned is cancelled a little later, so that its own word about that does not come first.
            var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            abandoned.CancelAfter(2 * TimeLimits.HealthCheck);
            var checking = check.CheckHealthAsync(context, abandoned.Token);
            try
            {
                return await checking.WaitAsync(TimeLimits.HealthCheck, cancellationToken);
            }
            catch (Exception silent) when (TransientFailure.Is(silent))
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"{server} does not answer.", silent);
            }
        }
    }
}
