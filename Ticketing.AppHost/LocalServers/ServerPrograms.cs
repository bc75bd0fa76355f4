using System.Diagnostics;
using System.Globalization;

namespace Ticketing.AppHost.LocalServers;

/// <summary>Finds the servers' programs on this machine, and says once and for all of them what has to be installed.</summary>
internal sealed class ServerPrograms
{
    private readonly SortedSet<string> missing = [];

    /// <summary>What is thrown before anything starts if a program was not found.</summary>
    public void ThrowIfMissing()
    {
        if (missing.Count > 0)
            throw new DistributedApplicationException($"""
                Not installed on this machine: {string.Join(", ", missing)}. Install with
                    sudo apt-get install --no-install-recommends {string.Join(' ', missing)}
                or start with ./run.sh, which does that. With a container runtime, Parameters__servers=containers needs none of them.
                """);
    }

    /// <summary>The directory of PostgreSQL's programs: the newest, or that of the version which made the data directory.</summary>
    /// <param name="dataDirectory">Where the cluster lies or will lie.</param>
    public string Postgres(string dataDirectory)
    {
        const string packages = "/usr/lib/postgresql";
        var versionFile = Path.Combine(dataDirectory, "PG_VERSION");
        int? wanted = File.Exists(versionFile) ? int.Parse(File.ReadAllText(versionFile), CultureInfo.InvariantCulture) : null;
        var versions = Directory.Exists(packages)
            ? Directory.GetDirectories(packages)
                .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Where(version => File.Exists($"{packages}/{version}/bin/postgres") && (wanted ?? version) == version)
                .ToList()
            : [];
        if (versions.Count > 0)
            return $"{packages}/{versions.Max()}/bin";
        if (wanted is null && OnPath("postgres") is { } path && OnPath("initdb") is not null)
            return Path.GetDirectoryName(path)!;
        return Missing(wanted is null ? "postgresql" : $"postgresql-{wanted}");
    }

    /// <summary>Redis's server.</summary>
    public string Redis() => OnPath("redis-server") ?? Missing("redis-server");

    /// <summary>RabbitMQ's start script (not Debian's wrapper on PATH, which switches user and directory).</summary>
    public string RabbitMQ()
    {
        const string script = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        return File.Exists(script) ? script : Missing("rabbitmq-server");
    }

    /// <summary>Erlang's port mapper, which RabbitMQ registers with.</summary>
    public string PortMapper() => OnPath("epmd") ?? Missing("rabbitmq-server");

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="DistributedApplicationException">It failed; the message has what it wrote.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new DistributedApplicationException($"{program} ended with exit code {process.ExitCode}:{Environment.NewLine}{output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private string Missing(string package)
    {
        missing.Add(package);
        return package;
    }

    // Administrators' directories are not on every user's PATH.
    private static string? OnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);
}
