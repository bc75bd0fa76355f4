using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;

namespace Ticketing.Tests.Messaging;

/// <summary>
/// A service with one consumer, whose handling is the test's, on a queue of the platform; and with one server, of which the test
/// says whether it serves.
/// </summary>
internal sealed class ConsumingService : IAsyncDisposable
{
    public const string Queue = Topology.TicketsUsers;
    public const string Errors = $"{Queue}_error";

    private readonly WebApplication app;
    private readonly IConnection connection;
    private readonly IChannel channel;

    private ConsumingService(WebApplication app, IConnection connection, IChannel channel) =>
        (this.app, this.connection, this.channel) = (app, connection, channel);

    public IServiceProvider Services => app.Services;

    public static async Task<ConsumingService> StartAsync(string broker, Work work, Action<MessagingBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:rabbitmq"] = broker;
        builder.Configuration["Shutdown:DrainSeconds"] = "0";
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(work);
        builder.Services.AddHealthChecks().AddServer("store", "The store", HealthStatus.Unhealthy, _ => work);
        builder.AddMessaging(messaging =>
        {
            // As many as in a service, but in a moment.
            messaging.RetryIntervals = [.. messaging.RetryIntervals.Select(_ => TimeSpan.FromMilliseconds(50))];
            messaging.AddHandler<Handler>(Queue);
            configure?.Invoke(messaging);
        });
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        await app.Services.GetRequiredService<TopologyStartup>().Declared;
        var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        var service = new ConsumingService(app, connection, await connection.CreateChannelAsync());
        // MassTransit begins to consume on its own time: nobody consumes before that either.
        await Eventually.HoldsAsync(async () => await service.ConsumersAsync() > 0, "it consumes");
        return service;
    }

    /// <summary>Publishes a message before anybody consumes, and gives it back so often as processes that die with it would.</summary>
    public static async Task PutBackAsync(string broker, IEnumerable<Guid> users, int times)
    {
        await using (var publisher = new EventPublisher(BrokerAddress.Parse(broker)))
            await publisher.PublishAsync(
                new EventBatch<UserDeleted>([.. users.Select(user => TestBroker.Batched(new UserDeleted(user)))]), CancellationToken.None);
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        for (var time = 0; time < times; time++)
        {
            BasicGetResult? message = null;
            await Eventually.HoldsAsync(async () => (message = await channel.BasicGetAsync(Queue, autoAck: false)) is not null, "it is there");
            await channel.BasicNackAsync(message!.DeliveryTag, multiple: false, requeue: true);
        }
    }

    public async Task<HealthReportEntry> HealthAsync(string check) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[check];

    public async Task<uint> LengthAsync(string queue) => (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;

    public async Task<uint> ConsumersAsync() => (await channel.QueueDeclarePassiveAsync(Queue)).ConsumerCount;

    /// <summary>A header of the only message in the error queue, which stays there.</summary>
    public async Task<string> ReasonAsync()
    {
        await using var looking = await connection.CreateChannelAsync();
        var message = (await looking.BasicGetAsync(Errors, autoAck: false))!;
        return System.Text.Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["MT-Fault-Message"]!);
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>What the consumer does, and whether the server that it would need serves.</summary>
    internal sealed class Work : IHealthCheck
    {
        public Func<Guid, Task> Handle { get; set; } = _ => Task.CompletedTask;

        public volatile bool Serves = true;

        public ConcurrentQueue<Guid> Tried { get; } = new();

        public ConcurrentDictionary<Guid, bool> Handled { get; } = new();

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(Serves ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The store does not answer."));
    }

    /// <summary>On a queue of the process's own.</summary>
    internal sealed class InstanceHandler : IHandleEvents<UserDeleted>
    {
        public Task HandleAsync(IReadOnlyList<ReceivedEvent<UserDeleted>> events, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    internal sealed class Handler(Work work) : IHandleEvents<UserDeleted>
    {
        public Task HandleAsync(IReadOnlyList<ReceivedEvent<UserDeleted>> events, CancellationToken cancellationToken) =>
            events.HandleEachAsync(HandleAsync, cancellationToken);

        private async Task HandleAsync(UserDeleted deleted, CancellationToken cancellationToken)
        {
            work.Tried.Enqueue(deleted.UserId);
            await work.Handle(deleted.UserId);
            work.Handled[deleted.UserId] = true;
        }
    }
}
