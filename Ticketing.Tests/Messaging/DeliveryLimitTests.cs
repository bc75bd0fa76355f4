using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shouldly;
using Ticketing.Messaging;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Messaging;

/// <summary>
/// RabbitMQ 4 drops a message of a quorum queue that came back 20 times, unless a policy says otherwise; and refuses queues that
/// are neither durable nor exclusive.
/// </summary>
public sealed class DeliveryLimitTests(Servers servers)
{
    private const string Check = "delivery-limit";
    private const string Metric = "ticketing.messaging.delivery_limit.low";

    [Fact]
    public async Task A_broker_that_drops_what_comes_back_often_is_found_out()
    {
        await using var platform = await TestPlatform.CreateAsync(servers);
        var address = platform.ConnectionString("rabbitmq");
        // What RabbitMQ 4 has by default.
        await servers.SetDeliveryLimitAsync(address, 20);
        await using var service = await ConsumingService.StartAsync(address, new());
        using var metrics = new MeasuredService(service.Services);
        var watch = service.Services.GetRequiredService<DeliveryLimitWatch>();

        await Eventually.HoldsAsync(async () => (await service.HealthAsync(Check)).Status == HealthStatus.Degraded, "it is told by itself, at the start");
        (await service.HealthAsync(Check)).Description.ShouldBe(
            "The broker drops a message that it has delivered 21 times: the policy is missing that sets a higher delivery-limit (docs/operations.md).");
        metrics.Of(Metric).ShouldBe(1);

        await servers.SetDeliveryLimitAsync(address, 1_000_000);
        await watch.TryAsync(TestContext.Current.CancellationToken);

        (await service.HealthAsync(Check)).Status.ShouldBe(HealthStatus.Healthy);
        metrics.Of(Metric).ShouldBe(0);
    }

    [Fact]
    public async Task The_broker_of_the_AppHost_has_the_policy_and_the_user()
    {
        await using var rabbit = await TestServer.StartRabbitMQAsync();

        (await RabbitMQControl.RunAsync(rabbit, "list_operator_policies", "--formatter", "json"))
            .ShouldContain("{\\\"delivery-limit\\\":1000000}");
        // And no queue that RabbitMQ 4.3 would refuse: those of a process are durable, and go with it.
        await using (await ConsumingService.StartAsync(
            rabbit.ConnectionString, new(), messaging => messaging.AddInstanceHandler<ConsumingService.InstanceHandler>("instance")))
        {
            await Eventually.HoldsAsync(async () => (await QueuesAsync()).Count(line => line.StartsWith("instance-", StringComparison.Ordinal)) == 1, "its queue is there");
            (await QueuesAsync()).Where(line => line.EndsWith("\tfalse\tfalse", StringComparison.Ordinal)).ShouldBeEmpty();
        }
        await Eventually.HoldsAsync(async () => !(await QueuesAsync()).Any(line => line.StartsWith("instance-", StringComparison.Ordinal)), "it is gone with its process");
        (await RabbitMQControl.RunAsync(rabbit, "list_exchanges", "name")).ShouldNotContain("instance-");

        async Task<string[]> QueuesAsync() => (await RabbitMQControl.RunAsync(rabbit, "--quiet", "list_queues", "name", "durable", "exclusive")).Split('\n');
    }
}
