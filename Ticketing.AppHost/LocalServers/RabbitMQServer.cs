using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.AppHost.LocalServers;

/// <summary>
/// RabbitMQ: a private one from this machine's binary, Aspire's container, or one of your own. The private one has its own
/// Erlang port mapper, cookie and user; every port, also those of the Erlang distribution, listens on loopback only.
/// </summary>
internal static class RabbitMQServer
{
    /// <summary>The image where it runs in a container.</summary>
    public const string ImageTag = "4.2";

    /// <summary>The broker's user.</summary>
    public const string User = "ticketing";

    /// <summary>
    /// How often a message may come back. Not -1 for "no limit": RabbitMQ 3 takes that for 0, and 4 for a policy that it applies
    /// again every few seconds.
    /// </summary>
    internal const int DeliveryLimit = 1_000_000;

    private const string Distribution = "distribution";
    private const string Management = "management";

    private static readonly string[] Tags = ["administrator"];

    /// <summary>Adds the broker; <c>ConnectionStrings:NAME</c> takes its place.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="management">Whether a private broker has its HTTP API, which costs half a second of start and some 7 MB.</param>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQServer(
        this IDistributedApplicationBuilder builder, string name, bool management = false)
    {
        if (builder.UsesManagedServers())
            return builder.CreateResourceBuilder<RabbitMQServerResource>(
                new GivenRabbitMQ(name, builder.AddConnectionString(name).Resource.ConnectionStringExpression));
        if (builder.GivenConnectionString(name) is { } given)
            return builder.CreateResourceBuilder<RabbitMQServerResource>(new GivenRabbitMQ(name, ReferenceExpression.Create($"{given}")));

        var password = builder.AddSecret($"{name}-password");
        var user = builder.AddParameter($"{name}-user", User, publishValueAsDefault: true);
        return builder.UsesContainers()
            ? builder.AddRabbitMQ(name, user, password).WithImageTag(ImageTag).WithKeptData("/var/lib/rabbitmq")
                .WithEntrypoint("/bin/sh").WithArgs("/broker/start.sh")
                .WithBindMount(Path.GetFullPath("../deploy/rabbitmq", builder.AppHostDirectory), "/broker", isReadOnly: true)
            : builder.AddProcess(name, user, password, management);
    }

    private static IResourceBuilder<RabbitMQServerResource> AddProcess(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> user, IResourceBuilder<ParameterResource> password, bool management)
    {
        var directory = Path.Combine(DataDirectory.PathOf(builder), name);
        var programs = builder.ServerPrograms();
        var server = builder.CreateResourceBuilder(new RabbitMQServerResource(name, user.Resource, password.Resource));
        // Without its own one Erlang would start a port mapper that outlives the broker.
        var portMapper = builder.AddExecutable($"{name}-epmd", programs.PortMapper(), "/")
            .WithEndpoint(name: "tcp", isProxied: false)
            .WithExplicitStart();
        var portMapperPort = portMapper.GetEndpoint("tcp").Property(EndpointProperty.Port);
        portMapper.WithArgs("-port", portMapperPort, "-address", "127.0.0.1");

        var broker = server.AddLocalProcess(programs.RabbitMQ(), directory)
            .WithEndpoint(name: Distribution, isProxied: false)
            .WithEnvironment(context =>
            {
                foreach (var (variable, value) in Variables(directory))
                    context.EnvironmentVariables[variable] = value;
                context.EnvironmentVariables["RABBITMQ_DIST_PORT"] = server.GetEndpoint(Distribution).Property(EndpointProperty.Port);
                context.EnvironmentVariables["ERL_EPMD_PORT"] = portMapperPort;
            })
            // The listener opens when everything else is up. A client that says something and then goes would be a warning in the log.
            .WithPatientHealthCheck(async cancellationToken =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, int.Parse((await server.Resource.Port.GetValueAsync(cancellationToken))!, null), cancellationToken);
                return HealthCheckResult.Healthy();
            })
            .OnBeforeResourceStarted(async (_, start, cancellationToken) =>
            {
                await ServerDirectory.OpenAsync(directory, owner: null, cancellationToken);
                var httpPort = management ? await server.GetEndpoint(Management).Property(EndpointProperty.Port).GetValueAsync(cancellationToken) : null;
                await File.WriteAllTextAsync(Path.Combine(directory, "enabled_plugins"), management ? "[rabbitmq_management]." : "[].", cancellationToken);
                var definitions = Path.Combine(directory, "definitions.json");
                SecretFile.Write(definitions, Definitions((await password.Resource.GetValueAsync(cancellationToken))!));
                SecretFile.Write(
                    Path.Combine(directory, "rabbitmq.conf"),
                    Configuration((await server.Resource.Port.GetValueAsync(cancellationToken))!, definitions, httpPort));
                await portMapper.Resource.StartAsync(start.Services, cancellationToken);
            })
            .OnResourceStopped((_, stop, cancellationToken) => portMapper.Resource.StopAsync(stop.Services, cancellationToken));
        portMapper.WithParentRelationship(broker);
        if (management)
            broker.WithEndpoint(name: Management, scheme: "http", isProxied: false);
        return server;
    }

    private static async Task StartAsync(this ExecutableResource resource, IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, cancellationToken);
        await services.GetRequiredService<ResourceNotificationService>().WaitForResourceAsync(resource.Name, KnownResourceStates.Running, cancellationToken);
    }

    private static Task<ExecuteCommandResult> StopAsync(this ExecutableResource resource, IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, cancellationToken);

    /// <summary>
    /// The user, and the policy without which RabbitMQ 4 drops a message that came back 20 times; imported at each start. The same
    /// as deploy/rabbitmq/start.sh writes.
    /// </summary>
    private static string Definitions(string password) => JsonSerializer.Serialize(new
    {
        users = new[] { new { name = User, password, tags = Tags } },
        vhosts = new[] { new { name = "/" } },
        permissions = new[] { new { user = User, vhost = "/", configure = ".*", write = ".*", read = ".*" } },
        parameters = new[]
        {
            new
            {
                vhost = "/",
                component = "operator_policy",
                name = "delivery-limit",
                value = new Dictionary<string, object>
                {
                    ["pattern"] = ".*", ["apply-to"] = "queues", ["priority"] = 0,
                    ["definition"] = new Dictionary<string, int> { ["delivery-limit"] = DeliveryLimit },
                },
            },
        },
    });

    private static string Configuration(string port, string definitions, string? managementPort) => $"""
        listeners.tcp.1 = 127.0.0.1:{port}
        load_definitions = {definitions}
        log.console = true
        log.console.level = warning
        log.file = false
        # Quorum queues keep their newest entries in memory until the log file is full: 32 MB of them instead of 512.
        raft.wal_max_size_bytes = 33554432

        """ + (managementPort is null ? "" : $"""
        management.tcp.ip = 127.0.0.1
        management.tcp.port = {managementPort}
        management.disable_stats = true

        """);

    private static Dictionary<string, string> Variables(string directory) => new()
    {
        // Erlang keeps its cookie there.
        ["HOME"] = directory,
        // Data belong to a node's name, so it never changes; the port mapper is our own, so it need not be unique.
        ["RABBITMQ_NODENAME"] = "ticketing@localhost",
        ["RABBITMQ_CONF_ENV_FILE"] = $"{directory}/none",
        ["RABBITMQ_CONFIG_FILE"] = $"{directory}/rabbitmq.conf",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{directory}/enabled_plugins",
        ["RABBITMQ_MNESIA_BASE"] = $"{directory}/mnesia",
        ["RABBITMQ_LOG_BASE"] = $"{directory}/log",
        // Before the configuration file is read.
        ["RABBITMQ_LOG"] = "warning,-color",
        ["RABBITMQ_PID_FILE"] = $"{directory}/pid",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        // A lean Erlang VM: it shares the machine with a dozen processes, so it never spins while it waits for work.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        // Makes the start script become the VM instead of waiting for it, so that its pid and signals are the broker's.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };

    /// <summary>A broker of one's own: its connection string is what was given.</summary>
    private sealed class GivenRabbitMQ(string name, ReferenceExpression connectionString)
        : RabbitMQServerResource(name, null, new ParameterResource($"{name}-password", _ => "", secret: true)), IResourceWithConnectionString
    {
        ReferenceExpression IResourceWithConnectionString.ConnectionStringExpression { get; } = connectionString;
    }
}
