using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Ticketing.AppHost.LocalServers;

/// <summary>PostgreSQL: a private one from this machine's binary, Aspire's container, or one of your own.</summary>
internal static class PostgresServer
{
    /// <summary>The image where it runs in a container.</summary>
    public const string ImageTag = "15";

    private const string Superuser = "postgres";

    /// <summary>Adds the server; <c>ConnectionStrings:NAME</c> takes its place.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="durable">Whether what was committed survives a crash of the machine; tests need no more than a crash of the server.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgresServer(
        this IDistributedApplicationBuilder builder, string name, bool durable = true)
    {
        if (builder.GivenConnectionString(name) is { } given)
            return builder.CreateResourceBuilder(new PostgresServerResource(name, null, new ParameterResource($"{name}-password", _ => "", secret: true)))
                .WithConnectionStringRedirection(builder.AddConnectionString(name, ReferenceExpression.Create($"{given}")).Resource);

        // Its databases are asked for one by one; nobody is asked for the superuser.
        if (builder.UsesManagedServers())
            return builder.CreateResourceBuilder(new PostgresServerResource(name, null, new ParameterResource($"{name}-password", _ => "", secret: true)));

        var password = builder.AddSecret($"{name}-password");
        return builder.UsesContainers()
            ? builder.AddContainer(name, password)
            : builder.AddProcess(name, password, durable);
    }

    /// <summary>The superuser, as the variables that PostgreSQL's own programs read.</summary>
    public static Dictionary<string, ReferenceExpression> SuperuserEnvironment(this IResourceBuilder<PostgresServerResource> server)
    {
        if (server.ApplicationBuilder.GivenConnectionString(server.Resource.Name) is { } given)
        {
            var parts = new NpgsqlConnectionStringBuilder(given);
            return new()
            {
                ["PGHOST"] = ReferenceExpression.Create($"{parts.Host ?? "localhost"}"),
                ["PGPORT"] = ReferenceExpression.Create($"{$"{parts.Port}"}"),
                ["PGUSER"] = ReferenceExpression.Create($"{parts.Username ?? Superuser}"),
                ["PGPASSWORD"] = ReferenceExpression.Create($"{parts.Password ?? ""}"),
            };
        }
        return new()
        {
            ["PGHOST"] = ReferenceExpression.Create($"{server.Resource.Host}"),
            ["PGPORT"] = ReferenceExpression.Create($"{server.Resource.Port}"),
            ["PGUSER"] = server.Resource.UserNameReference,
            ["PGPASSWORD"] = ReferenceExpression.Create($"{server.Resource.PasswordParameter}"),
        };
    }

    private static IResourceBuilder<PostgresServerResource> AddContainer(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password) =>
        builder.AddPostgres(name, password: password)
            .WithImageTag(ImageTag)
            .WithArgs("-c", "max_connections=300")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8")
            // A volume's root may hold a lost+found, which initdb refuses.
            .WithEnvironment("PGDATA", "/var/lib/postgresql/data/pgdata")
            .WithKeptData("/var/lib/postgresql/data");

    private static IResourceBuilder<PostgresServerResource> AddProcess(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, bool durable)
    {
        var directory = Path.Combine(DataDirectory.PathOf(builder), name);
        var cluster = Path.Combine(directory, "data");
        var programs = builder.ServerPrograms().Postgres(cluster);
        var server = builder.CreateResourceBuilder(new PostgresServerResource(name, null, password.Resource));
        // It refuses to run as root, so root starts it as the user "postgres". setpriv becomes the program: the pid stays.
        string[] As(string program) => DataDirectory.IsRoot
            ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--", $"{programs}/{program}"]
            : [$"{programs}/{program}"];

        server.AddLocalProcess(As("postgres")[0], directory)
            .WithArgs(context =>
            {
                string[] settings = [.. Settings(durable).SelectMany(setting => (string[])["-c", setting])];
                foreach (var argument in (string[])[.. As("postgres")[1..], "-D", cluster, .. settings, "-c"])
                    context.Args.Add(argument);
                context.Args.Add(ReferenceExpression.Create($"port={server.Resource.Port}"));
            })
            .WithPatientHealthCheck(async cancellationToken =>
            {
                await using var connection = new NpgsqlConnection(
                    $"{await server.Resource.GetConnectionStringAsync(cancellationToken)};Database=postgres;Pooling=false;Timeout=5");
                await connection.OpenAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            })
            .OnBeforeResourceStarted(async (_, _, cancellationToken) =>
            {
                await ServerDirectory.OpenAsync(directory, DataDirectory.IsRoot ? "postgres" : null, cancellationToken);
                if (File.Exists(Path.Combine(cluster, "PG_VERSION")))
                    return;
                // initdb leaves a half-made cluster only when it was killed itself; it starts anew then.
                if (Directory.Exists(cluster))
                    Directory.Delete(cluster, recursive: true);
                var passwordFile = Path.Combine(directory, "initdb-password");
                SecretFile.Write(passwordFile, (await password.Resource.GetValueAsync(cancellationToken))!);
                if (DataDirectory.IsRoot)
                    await ServerPrograms.RunAsync("chown", ["postgres", passwordFile], cancellationToken);
                var initdb = As("initdb");
                await ServerPrograms.RunAsync(
                    initdb[0],
                    [
                        .. initdb[1..], "-D", cluster, "-U", Superuser, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                        "--encoding=UTF8", "--locale=C.UTF-8", .. durable ? (string[])[] : ["--no-sync"],
                    ],
                    cancellationToken);
                File.Delete(passwordFile);
            });
        return server;
    }

    private static string[] Settings(bool durable) =>
    [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=300",
        "shared_buffers=64MB",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_line_prefix=%q%u@%d ",
        .. durable
            // A new database grows by thousands of rows a second when it is tried out; plans that were made for an empty one
            // are made anew when its statistics are.
            ? (string[])["autovacuum_naptime=10s"]
            : ["fsync=off", "full_page_writes=off", "synchronous_commit=off"],
    ];
}
