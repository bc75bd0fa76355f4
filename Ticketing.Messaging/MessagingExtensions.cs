using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RabbitMQ.Client.Exceptions;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>Connects a service to the others: events over RabbitMQ through MassTransit.</summary>
public static class MessagingExtensions
{
    private const string ConnectionName = "rabbitmq";

    /// <summary>Each may carry hundreds of events, and be a transaction: more at once would only wait for each other's rows.</summary>
    private const int PrefetchedBatches = 8;

    /// <summary>Bytes that wait for one process: some 100,000 events.</summary>
    private const int LongestInstanceQueue = 64 * 1024 * 1024;

    /// <summary>Of messages that carry one event each.</summary>
    private const int Prefetched = 32;

    /// <summary>
    /// Adds the bus with its consumers, the publisher, and what watches over both.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Adds the consumers.</param>
    /// <exception cref="SettingException">The connection string <c>rabbitmq</c> is missing or wrong.</exception>
    public static IHostApplicationBuilder AddMessaging(
        this IHostApplicationBuilder builder, Action<MessagingBuilder>? configure = null)
    {
        var broker = builder.Configuration.GetConnectionString(ConnectionName, BrokerAddress.Parse);
        var messaging = new MessagingBuilder();
        configure?.Invoke(messaging);

        // MassTransit emits its own activities and metrics.
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource("MassTransit"));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("MassTransit"));
        builder.Services.AddSingleton(_ => new EventPublisher(broker));
        builder.Services.AddSingleton<TopologyStartup>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TopologyStartup>());
        builder.Services.AddSingleton<ServerProbe>();
        builder.Services.AddSingleton<ConsumerCircuitBreaker>();
        foreach (var handler in messaging.Handlers)
            builder.Services.AddSingleton(handler);
        builder.Services.AddMassTransit(bus => ConfigureBus(bus, broker, messaging)).RemoveMassTransitHostedService();
        builder.Services.AddSingleton(messaging);
        builder.Services.AddHostedService<BusStartup>();
        // After the bus, so that it has ended when that is stopped.
        builder.Services.AddHostedService(services => services.GetRequiredService<ConsumerCircuitBreaker>());
        builder.Services.Configure<MassTransitHostOptions>(options => options.StopTimeout = TimeSpan.FromSeconds(5));

        builder.Services.AddSingleton<MessagingHealthCheck>();
        builder.Services.AddHealthChecks().AddCheck<MessagingHealthCheck>("messaging");
        builder.AddErrorQueues(broker, messaging);
        builder.Services.AddHostedService<ConsumerWatch>();
        // MassTransit's own check would take a service out of service when the broker is away; ours knows better.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Name == "masstransit-bus").ToArray())
                options.Registrations.Remove(check);
        });
        return builder;
    }

    private static void AddErrorQueues(this IHostApplicationBuilder builder, BrokerAddress broker, MessagingBuilder messaging)
    {
        var queues = messaging.QueuesOf(QueueKind.Shared);
        builder.Services.AddSingleton(new ErrorQueues(broker, queues, messaging.QueuesOf(QueueKind.Former)));
        builder.Services.AddSingleton<BrokerWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BrokerWatch>());
        if (queues.Count == 0)
            return;
        builder.Services.AddHealthChecks().AddCheck<ErrorQueueHealthCheck>("error-queues");
        builder.Services.AddSingleton<DeliveryLimitWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DeliveryLimitWatch>());
        builder.Services.AddHealthChecks().AddCheck<DeliveryLimitWatch>("delivery-limit");
    }

    private static void ConfigureBus(IBusRegistrationConfigurator bus, BrokerAddress broker, MessagingBuilder messaging)
    {
        bus.DisableUsageTelemetry();
        foreach (var registration in messaging.Registrations)
            bus.AddConsumer(registration.Consumer);

        bus.UsingRabbitMq((context, rabbit) =>
        {
            broker.Configure(rabbit);
            rabbit.ConfigureJsonSerializerOptions(options =>
            {
                options.Converters.Add(new UtcTimeConverter());
                return options;
            });
            foreach (var queue in messaging.QueuesOf(QueueKind.Shared).Concat(messaging.QueuesOf(QueueKind.Instance)))
                rabbit.ReceiveEndpoint(queue, endpoint => endpoint.ConfigureQueue(queue, messaging, context));
        });
    }

    /// <summary>Consumes a queue of the service's, as it is registered.</summary>
    internal static void ConfigureQueue(
        this IRabbitMqReceiveEndpointConfigurator endpoint, string queue, MessagingBuilder messaging, IBusRegistrationContext context)
    {
        var registrations = messaging.Registrations.Where(registration => registration.Queue == queue).ToList();
        var kind = registrations[0].Kind;
        // Nobody listens for faults; the error queue keeps the message and the reason.
        endpoint.PublishFaults = false;
        // No lower limit of its own for messages at work: with more delivered than it lets through when the connection breaks,
        // MassTransit 8.4 did not come back in half of the trials; see ConsumerWatch.
        endpoint.PrefetchCount = kind is QueueKind.Shared ? PrefetchedBatches : Prefetched;
        if (kind is QueueKind.Instance)
        {
            // Durable, though nobody needs it after a restart of the broker: RabbitMQ 4 refuses queues that are neither durable nor
            // exclusive (from 4.3 on, by default), and an exclusive one is lost with its connection. The exchange before it goes
            // with the queue.
            endpoint.QueueExpiration = TimeSpan.FromMinutes(1);
            // Whatever the virtual host makes by default: quorum queues cannot be deleted so.
            endpoint.SetQueueArgument("x-queue-type", "classic");
            // What is not taken in time goes, the oldest first: pages ask again by themselves.
            endpoint.SetQueueArgument("x-max-length-bytes", LongestInstanceQueue);
            endpoint.AutoDelete = true;
            // What fails here is logged. An error queue would outlive the process that could have used it.
            endpoint.DiscardFaultedMessages();
            endpoint.DiscardSkippedMessages();
        }
        else
        {
            foreach (var (name, value) in TopologyDeclaration.ArgumentsOf(queue))
                endpoint.SetQueueArgument(name, value);
            // The release before bound it; nobody else publishes to it.
            endpoint.ConfigureConsumeTopology = kind is not QueueKind.Former;
        }
        endpoint.UseBoundedRetries(messaging, kind is QueueKind.Instance ? null : context.GetRequiredService<ConsumerCircuitBreaker>());
        foreach (var registration in registrations)
            endpoint.ConfigureConsumer(context, registration.Consumer);
    }

    /// <summary>
    /// Tries a message again a few times, later and later, if its failure may pass; one that goes on sends it to the error queue
    /// like one that would repeat itself at once. While a server is away, nothing counts.
    /// </summary>
    private static void UseBoundedRetries(
        this IReceiveEndpointConfigurator endpoint, MessagingBuilder messaging, ConsumerCircuitBreaker? breaker)
    {
        if (breaker is not null)
        {
            endpoint.ConnectReceiveEndpointObserver(breaker);
            endpoint.UseFilter(new BoundedDelivery(breaker, messaging.LongestDelivery));
        }
        // One policy only: when a first one gives up, MassTransit never asks a second one around it.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(IsTransient);
            retry.Intervals(messaging.RetryIntervals);
            if (breaker is not null)
                retry.ConnectRetryObserver(new AskServersBetweenAttempts(breaker));
        });
    }

    private static bool IsTransient(Exception exception) => TransientFailure.Is(exception)
        || exception is RabbitMqConnectionException or MessageNotAcknowledgedException or AlreadyClosedException;
}
