using System.Globalization;
using Npgsql;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Servers;

/// <summary>A private PostgreSQL. It refuses to run as root, so root starts it as the user <c>postgres</c>.</summary>
public sealed class PostgresServer : LocalServer
{
    private const string Superuser = "postgres";

    private PostgresServer(LocalServerOptions options)
        : base("postgres", "PostgreSQL", options)
    {
    }

    /// <inheritdoc/>
    public override string ConnectionString => ConnectionStringOf(Superuser, Password, "postgres");

    private protected override string? ServerUser => Posix.IsRoot ? "postgres" : null;

    private string Cluster => PathOf("data");

    /// <summary>
    /// Starts a server, making its data directory first if there is none, and waits until it serves (about a second).
    /// </summary>
    /// <exception cref="LocalHostingException">PostgreSQL is not installed, or did not start.</exception>
    public static Task<PostgresServer> StartAsync(
        LocalServerOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(() => new PostgresServer(options ?? new()), cancellationToken);

    /// <summary>
    /// Creates a database and the role that owns it, which may log in to no other; one that is there already is kept, and its
    /// role gets this password.
    /// </summary>
    /// <param name="name">The database.</param>
    /// <param name="role">Its owner; null: a role of the same name.</param>
    /// <param name="password">The owner's password; null: a generated one.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The owner's connection string.</returns>
    public async Task<string> CreateDatabaseAsync(
        string name, string? role = null, string? password = null, CancellationToken cancellationToken = default)
    {
        role ??= name;
        password ??= SecretFile.Generate();
        await PostgresDatabases.CreateAsync(ConnectionString, name, role, password, cancellationToken);
        return ConnectionStringOf(role, password, name);
    }

    private protected override async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5;Command Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new LocalHostingException($"The PostgreSQL in {DataDirectory} was made with another password.", exception);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private protected override async Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        var versionFile = Path.Combine(Cluster, "PG_VERSION");
        var version = File.Exists(versionFile) ? await File.ReadAllTextAsync(versionFile, cancellationToken) : null;
        var programs = Programs.PostgresDirectory(version is null ? null : int.Parse(version, CultureInfo.InvariantCulture));
        if (version is null)
            await InitializeAsync(programs, cancellationToken);

        return new($"{programs}/postgres", ["-D", Cluster, .. Settings().SelectMany(setting => (string[])["-c", setting])])
        {
            User = ServerUser,
            WorkingDirectory = DataDirectory,
            // "Fast shutdown": open sessions are ended; SIGTERM would wait for them.
            StopSignal = Signal.Interrupt,
        };
    }

    private async Task InitializeAsync(string programs, CancellationToken cancellationToken)
    {
        // initdb leaves a half-made cluster only when it was killed itself; it starts anew then.
        if (Directory.Exists(Cluster))
            Directory.Delete(Cluster, recursive: true);

        var passwordFile = PathOf("initdb-password");
        SecretFile.Write(passwordFile, Password);
        if (ServerUser is { } user)
            await ChildProcess.RunAsync(new("chown", user, passwordFile), cancellationToken);

        string[] durability = Options.ThrowAway ? ["--no-sync"] : [];
        await ChildProcess.RunAsync(
            new(
                $"{programs}/initdb",
                [
                    "-D", Cluster, "-U", Superuser, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                    "--encoding=UTF8", "--locale=C.UTF-8", .. durability,
                ])
            {
                User = ServerUser,
                WorkingDirectory = DataDirectory,
            },
            cancellationToken);
        File.Delete(passwordFile);
    }

    private IEnumerable<string> Settings()
    {
        yield return $"port={Port}";
        yield return "listen_addresses=127.0.0.1";
        yield return "unix_socket_directories=";
        yield return "max_connections=300";
        yield return "shared_buffers=64MB";
        yield return "timezone=UTC";
        yield return "log_timezone=UTC";
        yield return "log_line_prefix=%q%u@%d ";
        if (!Options.ThrowAway)
        {
            // A new database grows by thousands of rows a second when it is tried out; plans that were made for an empty one
            // are made anew when its statistics are.
            yield return "autovacuum_naptime=10s";
            yield break;
        }

        yield return "fsync=off";
        yield return "full_page_writes=off";
        yield return "synchronous_commit=off";
    }

    private string ConnectionStringOf(string user, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = user,
        Password = password,
        Database = database,
    }.ConnectionString;
}
