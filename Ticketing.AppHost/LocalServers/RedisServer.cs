using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Ticketing.AppHost.LocalServers;

/// <summary>Redis, which writes every change to its append-only file: a private one from this machine's binary, Aspire's container, or one of your own.</summary>
internal static class RedisServer
{
    /// <summary>The image where it runs in a container.</summary>
    public const string ImageTag = "7.2";

    /// <summary>Adds the server; <c>ConnectionStrings:NAME</c> takes its place.</summary>
    public static IResourceBuilder<RedisResource> AddRedisServer(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.OwnConnectionString(name) is { } own)
            return builder.CreateResourceBuilder(new RedisResource(name)).WithConnectionStringRedirection(own.Resource);

        var password = builder.AddSecret($"{name}-password");
        return builder.UsesContainers() ? builder.AddContainer(name, password) : builder.AddProcess(name, password);
    }

    private static IResourceBuilder<RedisResource> AddContainer(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password)
    {
        var redis = builder.AddRedis(name, password: password).WithImageTag(ImageTag).WithKeptData("/data");
        return redis.WithArgs(context =>
        {
            context.Args.Clear();
            // Every user of a host can read command lines, so the password comes in by the standard input. Expiration's clocks
            // live there: every write is in the append-only file within a second.
            context.Args.Add("-c");
            context.Args.Add("exec redis-server - --dir /data --appendonly yes --save '' <<END\nrequirepass $REDIS_PASSWORD\nEND");
        });
    }

    private static IResourceBuilder<RedisResource> AddProcess(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password)
    {
        var directory = Path.Combine(DataDirectory.PathOf(builder), name);
        var configuration = Path.Combine(directory, "redis.conf");
        var server = builder.CreateResourceBuilder(new RedisResource(name, password.Resource));
        server.AddLocalProcess(builder.ServerPrograms().Redis(), directory)
            .WithArgs(configuration)
            .WithPatientHealthCheck(async cancellationToken =>
            {
                var options = ConfigurationOptions.Parse((await server.Resource.GetConnectionStringAsync(cancellationToken))!);
                options.ConnectRetry = 1;
                await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
                await connection.GetDatabase().PingAsync();
                return HealthCheckResult.Healthy();
            })
            .OnBeforeResourceStarted(async (_, _, cancellationToken) =>
            {
                await ServerDirectory.OpenAsync(directory, owner: null, cancellationToken);
                // A file, since every user of the machine can read a command line.
                SecretFile.Write(configuration, $"""
                    bind 127.0.0.1
                    port {await server.Resource.Port.GetValueAsync(cancellationToken)}
                    requirepass "{await password.Resource.GetValueAsync(cancellationToken)}"
                    dir "{directory}"
                    appendonly yes
                    save ""
                    databases 128

                    """);
            });
        return server;
    }
}
