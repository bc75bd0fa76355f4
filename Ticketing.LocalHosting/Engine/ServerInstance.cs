using Ticketing.LocalHosting.Servers;

namespace Ticketing.LocalHosting.Engine;

/// <summary>A server that the engine started.</summary>
internal sealed class ServerInstance(ServerResource resource, DataDirectory data, ConsoleLog log)
    : ResourceInstance(resource.Name, "server", resource, log)
{
    private LocalServer? server;

    public override int? ProcessId => server?.ProcessId;

    public override IReadOnlyList<string> Endpoints =>
        [.. resource.Endpoints().Select(endpoint => ProjectEnvironment.Url(endpoint, 0))];

    protected override Task<int> Exited => server?.Exited ?? Task.FromResult(0);

    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (server is not null)
        {
            await server.StartAgainAsync(cancellationToken);
            return;
        }

        var options = new RabbitMqOptions
        {
            DataDirectory = resource.Annotations.OfType<DataVolumeAnnotation>().Any() ? data.PathOf(Name) : null,
            Port = resource.PrimaryEndpoint.Annotation.Allocated[0].Port,
            Password = await resource.PasswordParameter.GetValueAsync(cancellationToken),
            Log = line => Log.Write(Name, line),
            Ledger = data.Ledger,
        };
        server = resource switch
        {
            PostgresServerResource => await PostgresServer.StartAsync(options, cancellationToken),
            RedisResource => await RedisServer.StartAsync(options, cancellationToken),
            _ => await RabbitMqServer.StartAsync(options, cancellationToken),
        };
    }

    protected override async Task<ResourceHealth> ProbeAsync(CancellationToken cancellationToken) =>
        await server!.AnswersAsync(cancellationToken) ? ResourceHealth.Healthy : ResourceHealth.Unhealthy;

    protected override Task StopProcessAsync(TimeSpan grace) => server?.StopAsync(grace) ?? Task.CompletedTask;

    protected override ValueTask ReleaseAsync() => server?.DisposeAsync() ?? default;
}
