using System.Globalization;

namespace Ticketing.LocalHosting.Servers;

/// <summary>Finds the servers' programs on this machine.</summary>
internal static class Programs
{
    /// <summary>The directory of PostgreSQL's programs: the newest, or that of the given major version.</summary>
    /// <exception cref="LocalHostingException">It is not installed.</exception>
    public static string PostgresDirectory(int? majorVersion)
    {
        const string packages = "/usr/lib/postgresql";
        var versions = Directory.Exists(packages)
            ? Directory.GetDirectories(packages)
                .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Where(version => File.Exists($"{packages}/{version}/bin/postgres") && (majorVersion ?? version) == version)
                .ToList()
            : [];
        if (versions.Count > 0)
            return $"{packages}/{versions.Max()}/bin";
        if (majorVersion is null && OnPath("postgres") is { } path && OnPath("initdb") is not null)
            return Path.GetDirectoryName(path)!;

        throw majorVersion is null
            ? Missing("PostgreSQL", "postgresql")
            : Missing($"PostgreSQL {majorVersion}, with which the data directory was made,", $"postgresql-{majorVersion}");
    }

    /// <summary>Redis's server.</summary>
    /// <exception cref="LocalHostingException">It is not installed.</exception>
    public static string Redis() => OnPath("redis-server") ?? throw Missing("Redis", "redis-server");

    /// <summary>RabbitMQ's start script (not Debian's wrapper on PATH, which switches user and directory).</summary>
    /// <exception cref="LocalHostingException">It is not installed.</exception>
    public static string RabbitMq()
    {
        const string script = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        return File.Exists(script) ? script : throw Missing("RabbitMQ", "rabbitmq-server");
    }

    /// <summary>Erlang's port mapper, which RabbitMQ registers with.</summary>
    /// <exception cref="LocalHostingException">It is not installed.</exception>
    public static string Epmd() => OnPath("epmd") ?? throw Missing("Erlang", "rabbitmq-server");

    // Administrators' directories are not on every user's PATH.
    private static string? OnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private static LocalHostingException Missing(string what, string package) => new($"""
        {what} is not installed on this machine. Install it with
            sudo apt-get install --no-install-recommends {package}
        or start the platform with ./run.sh, which does that.
        """);
}
