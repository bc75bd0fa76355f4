namespace Ticketing.LocalHosting.Publishing;

/// <summary>A server as a container: what a published application runs where this machine has a process of its own.</summary>
/// <param name="Image">The image, with its registry and tag.</param>
/// <param name="Args">The arguments of its entry point; literals and values.</param>
/// <param name="Port">The port that it listens on.</param>
/// <param name="DataPath">Where it keeps its data.</param>
/// <param name="Environment">Its environment.</param>
internal sealed record ContainerImage(
    string Image, IReadOnlyList<IValueProvider> Args, int Port, string DataPath, IReadOnlyDictionary<string, IValueProvider> Environment)
{
    public static ContainerImage Of(ServerResource server) => server switch
    {
        PostgresServerResource => new("docker.io/library/postgres:15", [], 5432, "/var/lib/postgresql/data", new Dictionary<string, IValueProvider>
        {
            ["POSTGRES_HOST_AUTH_METHOD"] = new LiteralValue("scram-sha-256"),
            ["POSTGRES_INITDB_ARGS"] = new LiteralValue("--auth-host=scram-sha-256 --auth-local=scram-sha-256"),
            ["POSTGRES_USER"] = new LiteralValue("postgres"),
            ["POSTGRES_PASSWORD"] = server.PasswordParameter,
            // A volume's root may hold a lost+found, which initdb refuses.
            ["PGDATA"] = new LiteralValue("/var/lib/postgresql/data/pgdata"),
        }),
        // Expiration's clocks live there: every write is in the append-only file within a second.
        RedisResource => new("docker.io/library/redis:7.2", [
            new LiteralValue("--requirepass"), server.PasswordParameter, new LiteralValue("--appendonly"), new LiteralValue("yes")],
            6379, "/data", new Dictionary<string, IValueProvider>()),
        RabbitMQServerResource => new("docker.io/library/rabbitmq:3.13", [], 5672, "/var/lib/rabbitmq", new Dictionary<string, IValueProvider>
        {
            ["RABBITMQ_DEFAULT_USER"] = new LiteralValue(Servers.RabbitMqServer.User),
            ["RABBITMQ_DEFAULT_PASS"] = server.PasswordParameter,
        }),
        _ => throw new NotSupportedException($"There is no image for {server.GetType().Name}."),
    };
}
