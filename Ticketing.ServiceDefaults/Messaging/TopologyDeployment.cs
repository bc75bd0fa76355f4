using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Ticketing.Contracts;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Declares all durable exchanges, queues and bindings of the platform, before this service publishes anything: on
/// the first start of all, an event must find the queue of a service that has not come up yet.
/// </summary>
internal sealed partial class TopologyDeployment(
    Uri broker, TimeProvider clock, ILogger<TopologyDeployment> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, object?> QuorumQueue = new() { ["x-queue-type"] = "quorum" };

    private readonly TaskCompletionSource deployed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when everything is declared.</summary>
    public Task Deployed => deployed.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await DeployAsync(stoppingToken);
                deployed.SetResult();
                return;
            }
            catch (Exception exception) when (TransientFailure.Is(exception))
            {
                LogWaiting(exception.Message);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    private async Task DeployAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = broker, ClientProvidedName = "topology" };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var queue in Topology.Queues)
        {
            // As MassTransit would declare them: an exchange per event, one per queue, and the queue behind that.
            await channel.QueueDeclareAsync(
                queue.Name, durable: true, exclusive: false, autoDelete: false, QuorumQueue,
                cancellationToken: cancellationToken);
            await DeclareExchangeAsync(queue.Name);
            await channel.QueueBindAsync(queue.Name, queue.Name, routingKey: "", cancellationToken: cancellationToken);
            foreach (var type in queue.Events)
            {
                var exchange = $"{type.Namespace}:{type.Name}";
                await DeclareExchangeAsync(exchange);
                await channel.ExchangeBindAsync(queue.Name, exchange, routingKey: "", cancellationToken: cancellationToken);
            }
        }

        Task DeclareExchangeAsync(string name) => channel.ExchangeDeclareAsync(
            name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The broker is not there yet, trying again: {Reason}")]
    private partial void LogWaiting(string reason);
}
