using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.Data;

/// <summary>Gives a service its outbox.</summary>
public static class OutboxExtensions
{
    /// <summary>
    /// Adds the outbox in the service's database, with its relay. To be called before the consumers are added: services stop in
    /// the reverse order, and the relay is there until the last consumer has finished.
    /// </summary>
    /// <param name="builder">The service, with its database added.</param>
    public static IHostApplicationBuilder AddOutbox(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Outbox>();
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHostedService<OutboxWatch>();
        return builder;
    }
}
