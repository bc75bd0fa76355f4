namespace Ticketing.LocalHosting.Publishing;

/// <summary>A server as a container: what a published application runs where this machine has a process of its own.</summary>
/// <param name="Image">The image, with its registry and tag.</param>
/// <param name="Port">The port that it listens on.</param>
/// <param name="DataPath">Where it keeps its data.</param>
internal sealed record ContainerImage(string Image, int Port, string DataPath)
{
    /// <summary>The user and group of the server in all three images; they own the data.</summary>
    public const int User = 999;

    /// <summary>What is run; empty: the image's own.</summary>
    public IReadOnlyList<string> Entrypoint { get; private init; } = [];

    /// <summary>The arguments of the entry point.</summary>
    public IReadOnlyList<string> Args { get; private init; } = [];

    public IReadOnlyDictionary<string, IValueProvider> Environment { get; private init; } = new Dictionary<string, IValueProvider>();

    /// <summary>What ends with 0 while the server serves.</summary>
    public IReadOnlyList<string> HealthCommand { get; private init; } = [];

    /// <summary>Directories that it writes to besides its data; they may be lost.</summary>
    public IReadOnlyList<string> Scratch { get; private init; } = ["/tmp"];

    public static ContainerImage Of(ServerResource server) => server switch
    {
        PostgresServerResource => new("docker.io/library/postgres:15", 5432, "/var/lib/postgresql/data")
        {
            // Two replicas of each service and a few people.
            Args = ["-c", "max_connections=300"],
            Environment = new Dictionary<string, IValueProvider>
            {
                ["POSTGRES_HOST_AUTH_METHOD"] = new LiteralValue("scram-sha-256"),
                ["POSTGRES_INITDB_ARGS"] = new LiteralValue("--auth-host=scram-sha-256 --auth-local=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8"),
                ["POSTGRES_USER"] = new LiteralValue("postgres"),
                ["POSTGRES_PASSWORD"] = server.PasswordParameter,
                // A volume's root may hold a lost+found, which initdb refuses.
                ["PGDATA"] = new LiteralValue("/var/lib/postgresql/data/pgdata"),
            },
            // Over TCP: while it initializes itself it listens on the socket only.
            HealthCommand = ["pg_isready", "-h", "127.0.0.1", "-U", "postgres", "-q"],
            Scratch = ["/tmp", "/var/run/postgresql"],
        },
        RedisResource => new("docker.io/library/redis:7.2", 6379, "/data")
        {
            Entrypoint = ["/bin/sh", "-c"],
            // Every user of a host can read command lines, so the password comes in by the standard input. Expiration's clocks
            // live there: every write is in the append-only file within a second.
            Args = ["exec redis-server - --dir /data --appendonly yes --save '' <<END\nrequirepass $REDIS_PASSWORD\nEND"],
            Environment = new Dictionary<string, IValueProvider> { ["REDIS_PASSWORD"] = server.PasswordParameter },
            HealthCommand = ["/bin/sh", "-c", "REDISCLI_AUTH=$REDIS_PASSWORD redis-cli ping | grep -q PONG"],
        },
        RabbitMQServerResource => new("docker.io/library/rabbitmq:3.13", 5672, "/var/lib/rabbitmq")
        {
            Environment = new Dictionary<string, IValueProvider>
            {
                ["RABBITMQ_DEFAULT_USER"] = new LiteralValue(Servers.RabbitMqServer.User),
                ["RABBITMQ_DEFAULT_PASS"] = server.PasswordParameter,
            },
            HealthCommand = ["rabbitmq-diagnostics", "-q", "check_port_connectivity"],
        },
        _ => throw new NotSupportedException($"There is no image for {server.GetType().Name}."),
    };
}
